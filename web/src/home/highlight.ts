// Just enough colour for the few lines of TypeScript on the first page; the editor itself has Monaco for it.

type Kind = 'keyword' | 'string' | 'type' | 'call' | 'number' | 'plain';

export interface Token {
  readonly kind: Kind;
  readonly text: string;
}

const TOKEN =
  /(?<string>'[^']*'?)|(?<keyword>\b(?:import|from|export|async|await|function|for|of|const|if|return|throw|new|type|string|boolean)\b)|(?<number>\b[\d_]+\b)|(?<type>\b[A-Z]\w*)|(?<call>\b[a-z]\w*(?=\())/g;

export function highlight(line: string): readonly Token[] {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of line.matchAll(TOKEN)) {
    if (match.index > end) tokens.push({ kind: 'plain', text: line.slice(end, match.index) });
    tokens.push({ kind: kindOf(match.groups ?? {}), text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < line.length) tokens.push({ kind: 'plain', text: line.slice(end) });
  return tokens;
}

function kindOf(groups: Readonly<Record<string, string | undefined>>): Kind {
  for (const kind of ['string', 'keyword', 'number', 'type', 'call'] as const) {
    if (groups[kind] !== undefined) return kind;
  }
  return 'plain';
}
