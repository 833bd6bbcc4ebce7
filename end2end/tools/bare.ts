// The server beside the product: the same statements behind bare handlers (src/bin/bare.rs).
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PROGRAM, type Server, freePort } from "../fixtures/server";

/** What was delivered since an instant, by the database's own times. */
export interface Deliveries {
  submitted: number;
  delivered: number;
  first_submit: string | null;
  last_delivery: string | null;
}

export class Bare {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
  ) {}

  /** Runs one on a product's database while `use` does; with `worker` it delivers requests too, so the product must not run. */
  static async beside<T>(server: Server, worker: boolean, use: (bare: Bare) => Promise<T>): Promise<T> {
    const bare = await Bare.start(server, worker);
    try {
      return await use(bare);
    } finally {
      await bare.end();
    }
  }

  private static async start(server: Server, worker: boolean): Promise<Bare> {
    const program = join(dirname(PROGRAM), "bare");
    if (!existsSync(program)) throw new Error(`${program} is missing. Remedy: cargo build --release --bin bare --features ssr`);
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(program, [server.env.WOODGATE_DATABASE_URL as string, address, ...(worker ? ["--worker"] : [])], { stdio: "inherit" });
    const bare = new Bare(`http://${address}`, child);
    for (const until = Date.now() + 10_000; Date.now() < until; await pause(10)) {
      if (child.exitCode !== null) break;
      if (await bare.deliveries(new Date()).then(() => true, () => false)) return bare;
    }
    throw new Error("the bare server did not start");
  }

  /** What was delivered: of what was submitted since an instant, or of what was decided since then. */
  async deliveries(since: Date, of: "deliveries" | "decisions" = "deliveries"): Promise<Deliveries> {
    const answer = await fetch(`${this.url}/${of}?since=${since.toISOString()}`);
    if (!answer.ok) throw new Error(await answer.text());
    return (await answer.json()) as Deliveries;
  }

  private async end(): Promise<void> {
    const gone = new Promise((done) => this.child.once("exit", done));
    if (this.child.exitCode === null && this.child.kill()) await gone;
  }
}
