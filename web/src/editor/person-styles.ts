// Colours of people as CSS rules, one per client, in a constructable sheet: allowed by a strict content security policy, and
// nothing that a person typed ever becomes CSS (colours are checked by presence.ts, names go through textContent).

interface PersonColors {
  readonly color: string;
  readonly colorLight: string;
}

export interface PersonStyles {
  set(client: number, colors: PersonColors): void;
  remove(client: number): void;
  dispose(): void;
}

/** The class of everything that belongs to one client. */
export function personClass(client: number): string {
  return `person-${client}`;
}

export function createPersonStyles(root: DocumentOrShadowRoot): PersonStyles {
  const sheet = new CSSStyleSheet();
  const known = new Map<number, PersonColors>();
  root.adoptedStyleSheets.push(sheet);

  function write(): void {
    const rules = [...known].map(
      ([client, { color, colorLight }]) =>
        `.${personClass(client)} { --person: ${color}; --person-light: ${colorLight}; }`,
    );
    sheet.replaceSync(rules.join('\n'));
  }

  return {
    set(client, colors) {
      const before = known.get(client);
      if (before?.color === colors.color && before.colorLight === colors.colorLight) return;
      known.set(client, colors);
      write();
    },
    remove(client) {
      if (known.delete(client)) write();
    },
    dispose() {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((other) => other !== sheet);
    },
  };
}
