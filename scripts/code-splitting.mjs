// The tables of parts as the sources have them: which parts of a site's bundle an address needs.
import { readFileSync } from "node:fs";

const TABLES = { admin: "src/admin/code_splitting.rs", "my-access": "src/my_access/code_splitting.rs" };

/** `["/admin/users", ["users"]]` for each row of a site's table. */
export function rowsOf(site) {
  const file = TABLES[site];
  const table = /const PARTS: PartTable = &\[([^]*?)\n\];/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  const found = [...table.matchAll(/\(\s*"([^"]+)",\s*&\[([^\]]*)\],?\s*\)/g)].map(([, path, parts]) => [path, [...parts.matchAll(/"(\w+)"/g)].map(([, part]) => part)]);
  if (found.length === 0) throw new Error(`${file} holds no table of parts`);
  return found;
}
