// The languages that a document can have: Monaco's ids with the names that people know, and the file endings that tell them.
import { PLAIN_TEXT } from './documents.ts';

export interface LanguageChoice {
  readonly id: string;
  readonly name: string;
  readonly endings: readonly string[];
}

const table: readonly (readonly [id: string, name: string, endings: string])[] = [
  ['plaintext', 'Plain text', 'txt log'],
  ['bat', 'Batch', 'bat cmd'],
  ['bicep', 'Bicep', 'bicep'],
  ['c', 'C', 'c h'],
  ['csharp', 'C#', 'cs csx'],
  ['cpp', 'C++', 'cpp cc cxx hpp hh hxx'],
  ['clojure', 'Clojure', 'clj cljs cljc edn'],
  ['coffeescript', 'CoffeeScript', 'coffee'],
  ['css', 'CSS', 'css'],
  ['dart', 'Dart', 'dart'],
  ['dockerfile', 'Dockerfile', 'dockerfile'],
  ['elixir', 'Elixir', 'ex exs'],
  ['fsharp', 'F#', 'fs fsi fsx'],
  ['go', 'Go', 'go'],
  ['graphql', 'GraphQL', 'graphql gql'],
  ['handlebars', 'Handlebars', 'handlebars hbs'],
  ['html', 'HTML', 'html htm xhtml'],
  ['ini', 'INI', 'ini properties gitconfig editorconfig toml'],
  ['java', 'Java', 'java'],
  ['javascript', 'JavaScript', 'js jsx mjs cjs'],
  ['json', 'JSON', 'json jsonc webmanifest'],
  ['julia', 'Julia', 'jl'],
  ['kotlin', 'Kotlin', 'kt kts'],
  ['less', 'Less', 'less'],
  ['lua', 'Lua', 'lua'],
  ['markdown', 'Markdown', 'md markdown'],
  ['mdx', 'MDX', 'mdx'],
  ['mysql', 'MySQL', ''],
  ['objective-c', 'Objective-C', 'm mm'],
  ['pascal', 'Pascal', 'pas'],
  ['perl', 'Perl', 'pl pm'],
  ['php', 'PHP', 'php phtml'],
  ['pgsql', 'PostgreSQL', 'pgsql'],
  ['powershell', 'PowerShell', 'ps1 psm1 psd1'],
  ['proto', 'Protocol Buffers', 'proto'],
  ['pug', 'Pug', 'pug jade'],
  ['python', 'Python', 'py pyw pyi'],
  ['r', 'R', 'r rmd'],
  ['restructuredtext', 'reStructuredText', 'rst'],
  ['ruby', 'Ruby', 'rb gemspec'],
  ['rust', 'Rust', 'rs'],
  ['scala', 'Scala', 'scala sc sbt'],
  ['scheme', 'Scheme', 'scm ss rkt'],
  ['scss', 'SCSS', 'scss'],
  ['shell', 'Shell', 'sh bash zsh'],
  ['sol', 'Solidity', 'sol'],
  ['sparql', 'SPARQL', 'rq'],
  ['sql', 'SQL', 'sql'],
  ['swift', 'Swift', 'swift'],
  ['systemverilog', 'SystemVerilog', 'sv svh'],
  ['tcl', 'Tcl', 'tcl'],
  ['hcl', 'Terraform', 'tf tfvars hcl'],
  ['twig', 'Twig', 'twig'],
  ['typescript', 'TypeScript', 'ts tsx mts cts'],
  ['typespec', 'TypeSpec', 'tsp'],
  ['verilog', 'Verilog', 'v vh'],
  ['vb', 'Visual Basic', 'vb'],
  ['wgsl', 'WGSL', 'wgsl'],
  ['xml', 'XML', 'xml xsd svg xaml csproj'],
  ['yaml', 'YAML', 'yaml yml'],
];

/** By name, plain text first. */
export const LANGUAGES: readonly LanguageChoice[] = table.map(([id, name, endings]) => ({
  id,
  name,
  endings: endings.split(' ').filter(Boolean),
}));

const byEnding = new Map(LANGUAGES.flatMap(({ id, endings }) => endings.map((ending) => [ending, id] as const)));

/** The name of a language; the id itself for one that is not in the list. */
export function languageName(id: string): string {
  return LANGUAGES.find((language) => language.id === id)?.name ?? id;
}

/** The language that is shown: the one that was chosen, or for plain text what the title's ending says. */
export function effectiveLanguage(language: string, title: string): string {
  if (language !== PLAIN_TEXT) return language;
  const name = title.trim().toLowerCase();
  if (name === 'dockerfile' || name === 'makefile') return name === 'dockerfile' ? 'dockerfile' : 'shell';
  const ending = name.includes('.') ? name.slice(name.lastIndexOf('.') + 1) : '';
  return byEnding.get(ending) ?? PLAIN_TEXT;
}
