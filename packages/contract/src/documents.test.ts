import { describe, expect, it } from 'vitest';
import {
  CreateDocumentRequest,
  DocumentTitle,
  Language,
  ListDocumentsQuery,
  PatchMemberRequest,
  PutMemberRequest,
  UpdateDocumentRequest,
} from './documents.ts';

describe('titles', () => {
  it('are trimmed and have 1 to 200 characters', () => {
    expect(DocumentTitle.parse('  Notes 🙂 ')).toBe('Notes 🙂');
    expect(DocumentTitle.parse('x'.repeat(200))).toHaveLength(200);
    for (const value of ['', '   ', 'x'.repeat(201), 'a\0b', '\udc00', 7]) {
      expect(DocumentTitle.safeParse(value).success).toBe(false);
    }
  });
});

describe('languages', () => {
  it.each(['plaintext', 'typescript', 'c', 'cpp', 'objective-c', 'f#', 'c++', 'vb.net', '1c'])(
    '%s is a language id',
    (id) => {
      expect(Language.parse(id)).toBe(id);
    },
  );

  it.each(['', 'TypeScript', '-c', 'c sharp', 'a/b', '../a', 'x'.repeat(41), 'c\n'])('%j is none', (id) => {
    expect(Language.safeParse(id).success).toBe(false);
  });
});

describe('creating a document', () => {
  it('needs nothing: it is untitled, plain and empty', () => {
    expect(CreateDocumentRequest.parse({})).toEqual({ title: 'Untitled', language: 'plaintext' });
  });

  it('R21: its text has LF only, whatever it came with, and no half characters', () => {
    expect(CreateDocumentRequest.parse({ content: 'a\r\nb\rc\n' })).toMatchObject({ content: 'a\nb\nc\n' });
    expect(CreateDocumentRequest.safeParse({ content: 'a\ud800b' }).success).toBe(false);
  });

  it('is refused with a wrong type or an empty title', () => {
    for (const body of [{ title: '' }, { title: 7 }, { content: 7 }, { language: 'No' }, [], null, 'x']) {
      expect(CreateDocumentRequest.safeParse(body).success).toBe(false);
    }
  });
});

describe('changing a document', () => {
  it('takes a title, a language or both, and refuses a change of nothing', () => {
    expect(UpdateDocumentRequest.parse({ title: ' a ' })).toEqual({ title: 'a' });
    expect(UpdateDocumentRequest.parse({ language: 'rust' })).toEqual({ language: 'rust' });
    expect(UpdateDocumentRequest.safeParse({}).success).toBe(false);
    expect(UpdateDocumentRequest.safeParse({ role: 'owner' }).success).toBe(false);
    expect(UpdateDocumentRequest.safeParse({ title: '' }).success).toBe(false);
  });
});

describe('listing documents', () => {
  it('asks for all of them, 50 a page, unless told otherwise', () => {
    expect(ListDocumentsQuery.parse({})).toEqual({ filter: 'all', limit: 50 });
    expect(ListDocumentsQuery.parse({ q: ' a ', filter: 'trash', limit: '7', cursor: 'x' })).toEqual({
      q: 'a',
      filter: 'trash',
      limit: 7,
      cursor: 'x',
    });
  });

  it.each([
    { limit: '0' },
    { limit: '101' },
    { limit: '1.5' },
    { limit: 'x' },
    { filter: 'mine' },
    { q: 'x'.repeat(201) },
    { q: '\0' },
  ])('%j is refused', (query) => {
    expect(ListDocumentsQuery.safeParse(query).success).toBe(false);
  });
});

describe('members', () => {
  it('are named by address and role', () => {
    expect(PutMemberRequest.parse({ email: ' Ann@Example.com', role: 'editor' })).toEqual({
      email: 'ann@example.com',
      role: 'editor',
    });
    expect(PutMemberRequest.safeParse({ email: 'ann@example.com', role: 'admin' }).success).toBe(false);
    expect(PutMemberRequest.safeParse({ email: 'ann', role: 'editor' }).success).toBe(false);
    expect(PatchMemberRequest.safeParse({}).success).toBe(false);
  });
});
