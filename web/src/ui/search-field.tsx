// A search box: named for screen readers, cleared with Esc or its cross, and with the key that leads to it shown.
import { Search, X } from 'lucide-react';
import type { ReactNode, Ref } from 'react';
import { Button } from 'react-aria-components/Button';
import { Input } from 'react-aria-components/Input';
import {
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchFieldProps,
} from 'react-aria-components/SearchField';
import './field.css';

export interface SearchFieldProps extends Omit<AriaSearchFieldProps, 'children' | 'className' | 'aria-label'> {
  /** Its accessible name and its placeholder. */
  readonly label: string;
  /** The key that focuses it, as it is shown. */
  readonly shortcut?: string;
  readonly inputRef?: Ref<HTMLInputElement>;
}

export function SearchField({ label, shortcut, inputRef, ...props }: SearchFieldProps): ReactNode {
  return (
    <AriaSearchField {...props} className="field search-field" aria-label={label}>
      {({ isEmpty }) => (
        <div className="field__box">
          <Search className="search-field__icon" size={15} aria-hidden="true" />
          <Input className="field__input" ref={inputRef ?? null} placeholder={label} autoComplete="off" />
          <div className="search-field__end">
            {isEmpty && shortcut !== undefined && (
              <kbd className="search-field__key" aria-hidden="true">
                {shortcut}
              </kbd>
            )}
            {!isEmpty && (
              <Button className="search-field__clear">
                <X size={14} aria-hidden="true" />
              </Button>
            )}
          </div>
        </div>
      )}
    </AriaSearchField>
  );
}
