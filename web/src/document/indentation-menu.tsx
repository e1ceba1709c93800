// How wide a step of indentation is here, and whether Tab writes spaces.
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { Menu, MenuItem, MenuSection } from '../ui/menu.tsx';
import { StatusButton } from './status-button.tsx';

const CHOICES = ['spaces 2', 'spaces 4', 'spaces 8', 'tabs 2', 'tabs 4', 'tabs 8'] as const;

export function IndentationMenu({ handle }: { readonly handle: CodeEditor }): ReactNode {
  const store = useMemo(() => indentationStore(handle), [handle]);
  const chosen = useSyncExternalStore(store.subscribe, store.getSnapshot);
  return (
    <Menu
      label="Indentation"
      placement="top end"
      trigger={
        <StatusButton hint="Change the indentation" isMinor>
          {nameOf(chosen)}
        </StatusButton>
      }
    >
      <MenuSection
        heading="Indentation"
        selectionMode="single"
        selectedKeys={[chosen]}
        onSelectionChange={(keys) => {
          const choice = CHOICES.find((one) => keys !== 'all' && keys.has(one));
          if (choice !== undefined) store.choose(choice);
        }}
      >
        {CHOICES.map((choice) => (
          <MenuItem key={choice} id={choice}>
            {nameOf(choice)}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}

function nameOf(choice: string): string {
  const [kind, size] = choice.split(' ');
  return kind === 'tabs' ? `Tabs: ${size}` : `Spaces: ${size}`;
}

function indentationStore({ model }: CodeEditor) {
  return {
    getSnapshot: (): string => {
      const { insertSpaces, indentSize } = model.getOptions();
      return `${insertSpaces ? 'spaces' : 'tabs'} ${indentSize}`;
    },
    subscribe: (listener: () => void): (() => void) => {
      const listening = model.onDidChangeOptions(listener);
      return () => listening.dispose();
    },
    choose: (choice: string): void => {
      const size = Number(choice.split(' ')[1]);
      model.updateOptions({ insertSpaces: choice.startsWith('spaces'), indentSize: size, tabSize: size });
    },
  };
}
