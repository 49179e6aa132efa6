export interface Table {
  columns: string[];
  rows: string[][];
}

/** The tables of a Markdown text. */
export function readTables(text: string): Table[] {
  const tables: Table[] = [];
  let lines: string[] = [];
  for (const line of [...text.split('\n'), '']) {
    if (line.startsWith('|')) lines.push(line);
    else if (lines.length > 0) {
      const [columns = [], , ...rows] = lines.map(cellsOf);
      tables.push({ columns, rows });
      lines = [];
    }
  }
  return tables;
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}
