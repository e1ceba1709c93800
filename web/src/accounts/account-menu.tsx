// Who I am here: light or dark, and the way out.
import { presenceColor } from '@codesync/contract';
import { LogOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useSignOut } from '../api/accounts.ts';
import { messageOf } from '../api/answers.ts';
import { useUser } from '../app/signed-in.tsx';
import { type ThemeChoice, useTheme } from '../app/theme.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Menu, MenuItem, MenuRule, MenuSection } from '../ui/menu.tsx';
import { useToast } from '../ui/toast.tsx';

const THEMES: readonly { readonly choice: ThemeChoice; readonly label: string }[] = [
  { choice: 'system', label: 'As the system' },
  { choice: 'light', label: 'Light' },
  { choice: 'dark', label: 'Dark' },
];

export function AccountMenu(): ReactNode {
  const user = useUser();
  const theme = useTheme();
  const toast = useToast();
  const [, navigate] = useLocation();
  const signOut = useSignOut(() => navigate('/'));

  const leave = (): void => {
    signOut.mutate(undefined, {
      onError: (error) => toast({ text: `You are still signed in. ${messageOf(error)}`, tone: 'bad' }),
    });
  };

  return (
    <Menu
      label="Account"
      trigger={
        <IconButton label="Account">
          <Avatar name={user.name} color={presenceColor(user.id).color} />
        </IconButton>
      }
    >
      <MenuSection heading={`${user.name} · ${user.email}`}>
        <MenuItem id="sign-out" icon={<LogOut size={16} aria-hidden="true" />} onAction={leave}>
          Sign out
        </MenuItem>
      </MenuSection>
      <MenuRule />
      <MenuSection
        heading="Appearance"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[theme.choice]}
        onSelectionChange={(keys) => {
          const choice = THEMES.find((item) => keys === 'all' || keys.has(item.choice))?.choice;
          if (choice !== undefined) theme.choose(choice);
        }}
      >
        {THEMES.map(({ choice, label }) => (
          <MenuItem key={choice} id={choice}>
            {label}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}
