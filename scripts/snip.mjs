// Takes code out of a browser bundle that nothing there calls but that the linker has to keep, since tables of functions name it:
// hydrating a view step by step (only `hydrate_lazy` and lazy routes do), listing routes (only the server does), streams between Rust and
// the page (only streaming server functions do). Only the doors to it and its futures are named here, and what lies behind goes with them:
// the compiler lends one function's code to all that do the same, but to what these do there is no double that is called.
// Usage: node scripts/snip.mjs IN.wasm OUT.wasm     IN has its names still
import { readFileSync, writeFileSync } from "node:fs";
import binaryen from "../end2end/node_modules/binaryen/index.js";

const uncalled = new RegExp(
  [
    "into_any::hydrate_async",
    "RenderHtml>::hydrate_async::\\{closure#0\\}(::\\{closure#1\\})?$",
    "into_any_nested_route::generate_routes",
    "^intounderlying",
    "future_to_promise::<.*into_underlying.*\\{closure#0\\}::\\{closure#0\\}$",
  ].join("|"),
);
const [, , from, to] = process.argv;
const bundle = binaryen.readBinary(readFileSync(from));
let taken = 0;
for (let at = 0; at < bundle.getNumFunctions(); at += 1) {
  const each = bundle.getFunctionByIndex(at);
  const { name, module } = binaryen.getFunctionInfo(each);
  if (!module && uncalled.test(name)) {
    binaryen.Function(each).body = bundle.unreachable();
    taken += 1;
  }
}
if (taken === 0) {
  console.error(`${from} holds nothing to take out. Remedy: were its names stripped? See scripts/build.sh`);
  process.exit(1);
}
writeFileSync(to, bundle.emitBinary());
