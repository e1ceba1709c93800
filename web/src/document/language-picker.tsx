// The document's language, for everyone; found by typing a part of its name.
import {
  can,
  type DocumentResponse,
  effectiveLanguage,
  languageName,
  LANGUAGES,
  PLAIN_TEXT,
  type Role,
} from '@codesync/contract';
import { Check } from 'lucide-react';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { Autocomplete, useFilter } from 'react-aria-components/Autocomplete';
import { Dialog, DialogTrigger } from 'react-aria-components/Dialog';
import { Input } from 'react-aria-components/Input';
import { Menu, MenuItem } from 'react-aria-components/Menu';
import { Popover } from 'react-aria-components/Popover';
import { SearchField } from 'react-aria-components/SearchField';
import { messageOf } from '../api/answers.ts';
import { useUpdateDocument } from '../api/documents.ts';
import type { CodeEditor } from '../editor/create-code-editor.ts';
import { useToast } from '../ui/toast.tsx';
import { StatusButton } from './status-button.tsx';

export interface LanguagePickerProps {
  readonly document: DocumentResponse;
  readonly role: Role;
  readonly handle: CodeEditor | undefined;
}

export function LanguagePicker({ document, role, handle }: LanguagePickerProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const { contains } = useFilter({ sensitivity: 'base' });
  const update = useUpdateDocument();
  const toast = useToast();
  const shown = effectiveLanguage(document.language, document.title);
  const isDetected = document.language === PLAIN_TEXT && shown !== PLAIN_TEXT;

  const choose = (language: string): void => {
    setOpen(false);
    handle?.editor.focus();
    if (language === document.language) return;
    update.mutate(
      { id: document.id, language },
      { onError: (error) => toast({ text: `The language was not changed. ${messageOf(error)}`, tone: 'bad' }) },
    );
  };

  const closeOnEscape = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    setOpen(false);
  };

  return (
    <DialogTrigger isOpen={isOpen} onOpenChange={setOpen}>
      <StatusButton
        hint={isDetected ? 'Language, from the title’s ending' : 'Change the language'}
        aria-label={`Language: ${languageName(shown)}`}
        isDisabled={!can(role, 'rename')}
      >
        {languageName(shown)}
      </StatusButton>
      <Popover className="popover language-picker" placement="top end" offset={4}>
        <Dialog className="language-picker__body" aria-label="Language">
          {/* Otherwise the first Esc only clears what was typed. */}
          <div role="presentation" className="language-picker__body" onKeyDownCapture={closeOnEscape}>
            <Autocomplete filter={contains}>
              {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- what opens is for typing into */}
              <SearchField aria-label="Find a language" autoFocus className="language-picker__search">
                <Input placeholder="Find a language" className="field__input" />
              </SearchField>
              <Menu
                className="menu language-picker__menu"
                aria-label="Languages"
                items={LANGUAGES}
                selectionMode="single"
                selectedKeys={[shown]}
                onAction={(key) => choose(String(key))}
                renderEmptyState={() => <p className="language-picker__none">No language has that in its name.</p>}
              >
                {({ id, name }) => (
                  <MenuItem id={id} textValue={name} className="menu__item">
                    <span className="menu__label">{name}</span>
                    <Check className="menu__check" size={16} aria-hidden="true" />
                  </MenuItem>
                )}
              </Menu>
            </Autocomplete>
          </div>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
