// Keeps a Monaco model and a Y.Text the same (R21). Takes the place of y-monaco's binding behind the same constructor: that
// one collapses several cursors, lets carets be pushed, drifts on CR, drops edits made by listeners and outlives destroy().
import { toLineFeeds } from '@codesync/contract';
import type { IDisposable } from 'monaco-editor/editor';
import type { Awareness } from 'y-protocols/awareness';
import type * as Y from 'yjs';
import { type HeldView, holdView } from './held-view.ts';
import { rawEdits } from './line-ends.ts';
import { editor } from './monaco.ts';
import { createRemoteCursors } from './remote-cursors.ts';
import { createSelectionPublisher, type SelectionPublisher } from './selection-publisher.ts';
import { editsOfDelta, minimalEdits, moveOffset, splitsCharacter, type TextEdit } from './text-edits.ts';

export class MonacoBinding {
  readonly doc: Y.Doc;
  readonly ytext: Y.Text;
  readonly monacoModel: editor.ITextModel;
  readonly editors: Set<editor.IStandaloneCodeEditor>;
  readonly awareness: Awareness | undefined;

  /** Deltas of Y.Text that the model has not taken yet. */
  #pending: Y.YTextEvent['delta'][] = [];
  /** The model's version up to which its changes are in Y.Text, or came from there. */
  #version: number;
  /** A foreign client brought a CR: until somebody takes it out (see line-ends.ts) offsets of the two differ. */
  #hasCarriageReturns = false;
  /** Writing to one side: events of the other wait, or are our own. */
  #isBusy = false;
  #isDestroyed = false;
  #held: readonly HeldView[] = [];
  readonly #parts: IDisposable[] = [];
  readonly #publishers: SelectionPublisher[] = [];
  readonly #localListeners = new Set<(size: number) => void>();

  /** The model takes the text of `ytext`. Local edits carry the binding as their transaction's origin. */
  constructor(
    ytext: Y.Text,
    monacoModel: editor.ITextModel,
    editors: Set<editor.IStandaloneCodeEditor> = new Set(),
    awareness: Awareness | null = null,
  ) {
    if (ytext.doc === null) throw new TypeError('The text is in no document yet.');
    this.doc = ytext.doc;
    this.ytext = ytext;
    this.monacoModel = monacoModel;
    this.editors = editors;
    this.awareness = awareness ?? undefined;

    this.#hasCarriageReturns = ytext.toString().includes('\r');
    if (monacoModel.getValue() !== this.#sharedText()) monacoModel.setValue(this.#sharedText());
    monacoModel.setEOL(editor.EndOfLineSequence.LF);
    this.#version = monacoModel.getVersionId();

    ytext.observe(this.#whenTextChanged);
    this.doc.on('afterAllTransactions', this.#catchUp);
    this.#parts.push(
      monacoModel.onDidChangeContent((event) => this.#whenModelChanged(event)),
      monacoModel.onWillDispose(() => this.destroy()),
    );
    if (awareness === null) return;
    for (const codeEditor of editors) {
      this.#publishers.push(createSelectionPublisher(codeEditor, ytext, awareness));
      this.#parts.push(createRemoteCursors(codeEditor, ytext, awareness));
    }
  }

  destroy(): void {
    if (this.#isDestroyed) return;
    this.#isDestroyed = true;
    this.ytext.unobserve(this.#whenTextChanged);
    this.doc.off('afterAllTransactions', this.#catchUp);
    for (const part of [...this.#parts, ...this.#publishers]) part.dispose();
  }

  /** Calls before a local edit is written, with the number of characters that it adds and removes. Returns the stop. */
  onLocalEdit(listener: (size: number) => void): () => void {
    this.#localListeners.add(listener);
    return () => {
      this.#localListeners.delete(listener);
    };
  }

  // --- Y.Text to model ---

  readonly #whenTextChanged = (event: Y.YTextEvent, transaction: Y.Transaction): void => {
    if (event.delta.some(({ insert }) => typeof insert === 'string' && insert.includes('\r'))) {
      this.#hasCarriageReturns = true;
    }
    if (transaction.origin !== this) this.#pending.push(event.delta);
  };

  /** Runs when Yjs has come to rest: the text is final, so all that the model lacks goes in as one batch. */
  readonly #catchUp = (): void => {
    if (this.#isBusy || this.#isDestroyed) return;
    this.#isBusy = true;
    try {
      while (this.#pending.length > 0) this.#apply(this.#takePending());
      // The last net: something changed either side behind our back. The shared text is the truth.
      if (!this.#isSame()) this.#apply(this.#difference());
    } finally {
      this.#isBusy = false;
    }
  };

  #takePending(): TextEdit[] {
    const [delta, ...more] = this.#pending;
    this.#pending = [];
    if (this.#hasCarriageReturns) this.#hasCarriageReturns = this.ytext.toString().includes('\r');
    const edits = delta === undefined ? [] : editsOfDelta(delta);
    const length = edits.reduce((sum, edit) => sum + edit.text.length - edit.length, this.#modelLength());
    // Several transactions at once, CRs, or an edit inside a character (Yjs then replaces the halves, beyond its delta):
    // the texts themselves are compared.
    const isPlain = more.length === 0 && length === this.ytext.length && !this.#hasCarriageReturns;
    return isPlain && !edits.some((edit) => this.#splitsCharacter(edit)) ? edits : this.#difference();
  }

  #apply(edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    const { monacoModel } = this;
    const shown = [...this.editors].filter((codeEditor) => codeEditor.getModel() === monacoModel);
    this.#held = shown.map((codeEditor) => holdView(codeEditor, monacoModel));
    const before = monacoModel.getVersionId();
    this.#version = before + 1;
    monacoModel.applyEdits(
      edits.map(({ offset, length, text }) => {
        const start = monacoModel.getPositionAt(offset);
        const end = length === 0 ? start : monacoModel.getPositionAt(offset + length);
        const range = {
          startLineNumber: start.lineNumber,
          startColumn: start.column,
          endLineNumber: end.lineNumber,
          endColumn: end.column,
        };
        return { range, text };
      }),
    );
    // Nothing happened after all: the next local edit will have this version.
    if (monacoModel.getVersionId() === before) this.#version = before;
    for (const view of this.#held) view.restore();
    this.#held = [];
    for (const publisher of this.#publishers) publisher.touch();
  }

  // --- model to Y.Text ---

  #whenModelChanged(event: editor.IModelContentChangedEvent): void {
    for (const view of this.#held) view.follow(event.changes.map(editOfChange));
    if (event.versionId <= this.#version) return;
    // Listeners that edit can make events arrive late, merged or out of order: then the texts themselves are compared.
    const isNext = event.versionId === this.#version + 1 && event.versionId === this.monacoModel.getVersionId();
    const isWhole = (event.isFlush || event.isEolChange || !isNext) && this.#pending.length === 0;
    this.#version = isWhole ? this.monacoModel.getVersionId() : event.versionId;
    if (this.monacoModel.getEndOfLineSequence() !== editor.EndOfLineSequence.LF)
      this.monacoModel.setEOL(editor.EndOfLineSequence.LF);

    const wasBusy = this.#isBusy;
    this.#isBusy = true;
    try {
      this.#write(isWhole ? this.#differenceForText() : this.#localEdits(event));
      // Merged events list changes of several steps as if they were one.
      if (this.#pending.length === 0 && !this.#isSame()) this.#write(this.#differenceForText());
    } finally {
      this.#isBusy = wasBusy;
    }
    this.#catchUp();
  }

  #localEdits(event: editor.IModelContentChangedEvent): TextEdit[] {
    let edits = event.changes.map(editOfChange);
    // A listener of Y.Text edited the model before the model had what the text has: its offsets are moved on.
    for (const delta of this.#pending) {
      const ahead = editsOfDelta(delta);
      edits = edits.map((edit) => {
        const offset = moveOffset(edit.offset, ahead, 'after');
        const end = moveOffset(edit.offset + edit.length, ahead, 'before');
        return { ...edit, offset, length: Math.max(0, end - offset) };
      });
    }
    if (this.#hasCarriageReturns) return rawEdits(this.ytext.toString(), edits);
    return this.#pending.length > 0 ? edits : edits.flatMap((edit) => this.#smallest(edit));
  }

  /** Formatting or sorting replaces much and changes little: what stays keeps its author and its cursors. */
  #smallest(edit: TextEdit): TextEdit[] {
    if (edit.length < 2 || edit.text.length < 2) return [edit];
    const before = this.ytext.toString().slice(edit.offset, edit.offset + edit.length);
    return minimalEdits(before, edit.text).map((part) => ({ ...part, offset: part.offset + edit.offset }));
  }

  #write(edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    const size = edits.reduce((sum, { length, text }) => sum + length + text.length, 0);
    for (const listener of this.#localListeners) listener(size);
    this.doc.transact(() => {
      for (const { offset, length, text } of edits.toSorted((one, other) => other.offset - one.offset)) {
        if (length > 0) this.ytext.delete(offset, length);
        // Half a character would become U+FFFD on its way to the others, and stay what it is here.
        if (text !== '') this.ytext.insert(offset, text.toWellFormed());
      }
    }, this);
    if (edits.some(({ text }) => !text.isWellFormed())) this.#apply(this.#difference());
  }

  // --- both ---

  #sharedText(): string {
    return this.#hasCarriageReturns ? toLineFeeds(this.ytext.toString()) : this.ytext.toString();
  }

  #modelText(): string {
    return this.monacoModel.getValue(editor.EndOfLinePreference.LF);
  }

  #modelLength(): number {
    return this.monacoModel.getValueLength(editor.EndOfLinePreference.LF);
  }

  /** By length alone, because it runs after every keystroke. */
  #isSame(): boolean {
    const length = this.#hasCarriageReturns ? this.#sharedText().length : this.ytext.length;
    return this.#modelLength() === length;
  }

  #difference(): TextEdit[] {
    return minimalEdits(this.#modelText(), this.#sharedText());
  }

  #differenceForText(): TextEdit[] {
    return minimalEdits(this.ytext.toString(), this.#modelText());
  }

  #splitsCharacter({ offset, length }: TextEdit): boolean {
    return [offset, offset + length].some((end) => {
      const { lineNumber, column } = this.monacoModel.getPositionAt(end);
      return splitsCharacter(this.monacoModel.getLineContent(lineNumber), column - 1);
    });
  }
}

function editOfChange(change: editor.IModelContentChange): TextEdit {
  return { offset: change.rangeOffset, length: change.rangeLength, text: change.text };
}
