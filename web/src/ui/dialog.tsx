// What opens over the page: a dialog in its middle, a panel from its right; both are sheets on a phone. Esc closes, focus returns.
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { Dialog as AriaDialog } from 'react-aria-components/Dialog';
import { Heading } from 'react-aria-components/Heading';
import { Modal, ModalOverlay } from 'react-aria-components/Modal';
import { Button, type ButtonVariant } from './button.tsx';
import { IconButton } from './icon-button.tsx';
import './dialog.css';

export interface DialogProps {
  /** Its heading and accessible name. */
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** `panel` slides over from the right. */
  readonly kind?: 'dialog' | 'panel';
}

export function Dialog({ title, isOpen, onClose, children, kind = 'dialog' }: DialogProps): ReactNode {
  return (
    <ModalOverlay
      className="scrim"
      data-kind={kind}
      isOpen={isOpen}
      onOpenChange={(open) => open || onClose()}
      isDismissable
    >
      <Modal className={kind}>
        <AriaDialog className="dialog__body">
          <div className="dialog__head">
            <Heading slot="title" className="dialog__title">
              {title}
            </Heading>
            <IconButton label="Close" onPress={onClose}>
              <X size={16} aria-hidden="true" />
            </IconButton>
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

export interface ConfirmDialogProps {
  /** The question, with the name of what it is about. */
  readonly title: string;
  /** What is lost and what is not. */
  readonly children: ReactNode;
  /** The verb on its button. */
  readonly action: string;
  readonly variant?: ButtonVariant;
  readonly isOpen: boolean;
  readonly isPending?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Only for what cannot be undone. Focus starts on Cancel. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactNode {
  return (
    <ModalOverlay
      className="scrim"
      data-kind="dialog"
      isOpen={props.isOpen}
      onOpenChange={(open) => open || props.onClose()}
    >
      <Modal className="dialog">
        <AriaDialog className="dialog__body" role="alertdialog">
          <Heading slot="title" className="dialog__title">
            {props.title}
          </Heading>
          <div className="dialog__text">{props.children}</div>
          <div className="dialog__actions">
            {/* A question about loss starts on the answer that loses nothing. */}
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
            <Button onPress={props.onClose} autoFocus>
              Cancel
            </Button>
            <Button variant={props.variant ?? 'danger'} isPending={props.isPending ?? false} onPress={props.onConfirm}>
              {props.action}
            </Button>
          </div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
