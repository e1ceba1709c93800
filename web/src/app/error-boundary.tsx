// The last net: a page that failed to draw, or whose file a newer version has replaced, says so and can be loaded again.
import { Component, type ReactNode } from 'react';
import { NoticePage } from './notice-page.tsx';

export interface ErrorBoundaryProps {
  readonly children: ReactNode;
  /** When it changes the page is tried again. */
  readonly place: string;
}

interface State {
  readonly hasFailed: boolean;
  readonly place: string;
}

export class ErrorBoundary extends Component<ErrorBoundaryProps, State> {
  override state: State = { hasFailed: false, place: this.props.place };

  static getDerivedStateFromError(): Partial<State> {
    return { hasFailed: true };
  }

  static getDerivedStateFromProps({ place }: ErrorBoundaryProps, state: State): State | null {
    return place === state.place ? null : { hasFailed: false, place };
  }

  override componentDidCatch(error: unknown): void {
    // Error collectors listen on window.
    reportError(error);
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <NoticePage
        heading="This page stopped working"
        text="Your documents are safe: what was saved stays saved, and edits that were not sent are kept on this device."
      >
        <button type="button" className="button" data-variant="primary" onClick={() => location.reload()}>
          Reload the page
        </button>
      </NoticePage>
    );
  }
}
