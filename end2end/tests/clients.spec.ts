// API clients as a Global administrator keeps them: registered, given permissions and secrets, changed, and deleted; and what a person lets
// one do in their name, seen and ended by that person.
import { createHash } from "node:crypto";
import type { Page } from "@playwright/test";
import { alive, answer, expect, expectNotice, field, menu, row, search, test } from "../fixtures/base";
import { admin1, plainUser } from "../fixtures/people";

const main = (page: Page) => page.getByRole("main");
const READ = "EntitlementManagement.Read.All";
const OWN_ACCESS = "EntitlementMgmt-SubjectAccess.ReadWrite";

/** Registers a client on its page, and stays on the client's own. */
async function register(page: Page, name: string, redirects = "", keepsSecret = true): Promise<void> {
  await page.goto("/admin/clients/new");
  await alive(page);
  await field(page, "Name").fill(name);
  await page.getByLabel("Redirect addresses").fill(redirects);
  if (!keepsSecret) await page.getByRole("checkbox", { name: /^It can keep no secret/ }).check();
  await page.getByRole("button", { name: "Register" }).click();
  await expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
}

async function give(page: Page, kind: "application" | "delegated", permission: string): Promise<void> {
  await page.getByLabel("Used", { exact: true }).selectOption(kind);
  await page.getByLabel("Permission", { exact: true }).selectOption(permission);
  await page.getByRole("button", { name: "Give permission" }).click();
  await expectNotice(page, "Permission given");
  await expect(main(page).getByRole("listitem").filter({ hasText: `${permission} (${kind})` })).toBeVisible();
}

/** What the token address answers a client that shows this secret. */
async function token(page: Page, secret: string): Promise<number> {
  const value = (label: string) => page.getByLabel(label, { exact: true }).inputValue();
  const form = {
    grant_type: "client_credentials",
    client_id: await value("Application (client) id"),
    client_secret: secret,
    scope: await value("Scope for its own permissions"),
  };
  return (await page.request.post(new URL(await value("Token address")).pathname, { form })).status();
}

test("F173 a client is registered, given a permission and a secret that is shown once, changed, and deleted", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin/clients/new");
  await alive(page);
  await page.getByRole("button", { name: "Register" }).click();
  await expect(field(page, "Name")).toHaveAccessibleDescription(/Name is required\./);
  await register(page, "Night sync");
  await expectNotice(page, "API client registered");
  await expect(main(page)).toContainText("It may do nothing yet.");
  await give(page, "application", READ);

  // The secret is told this once; a page that is loaded again does not have it.
  await page.getByRole("button", { name: "Add secret" }).click();
  const adding = page.getByRole("dialog", { name: "Add secret" });
  await field(adding, "What it is for").fill("Nightly job");
  await adding.getByRole("button", { name: "Add", exact: true }).click();
  const told = page.getByRole("dialog", { name: "New secret" });
  const secret = await told.getByLabel("Secret", { exact: true }).inputValue();
  expect(secret).toMatch(/^[\w-]{43}$/);
  expect(await token(page, secret)).toBe(200);
  await page.keyboard.press("Escape");
  await page.getByRole("dialog", { name: "Close without the secret?" }).getByRole("button", { name: "Go back" }).click();
  await told.getByRole("button", { name: "Done" }).click();
  await expect(told).toBeHidden();
  const kept = main(page).getByRole("listitem").filter({ hasText: "Nightly job" });
  await expect(kept).toContainText(`…${secret.slice(-4)}`);
  await page.reload();
  await alive(page);
  expect(await page.content()).not.toContain(secret);
  await expect(kept).toContainText("last used");
  await expect(kept).not.toContainText("never");

  // Changed, and found by its new name.
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const editing = page.getByRole("dialog", { name: "Edit API client" });
  await field(editing, "Name").fill("Nightly sync");
  await editing.getByLabel("Redirect addresses").fill("ftp://files.example");
  await editing.getByRole("button", { name: "Save" }).click();
  await expect(editing.getByLabel("Redirect addresses")).toHaveAccessibleDescription(/ftp:\/\/files\.example/);
  await editing.getByLabel("Redirect addresses").fill("https://sync.example/callback");
  await editing.getByRole("button", { name: "Save" }).click();
  await expectNotice(page, "API client saved");
  await expect(page.getByRole("heading", { level: 1, name: "Nightly sync" })).toBeVisible();
  await expect(main(page)).toContainText("https://sync.example/callback");

  // A secret that is removed opens nothing more.
  await kept.getByRole("button", { name: /^Remove/ }).click();
  await answer(page, "Yes");
  await expectNotice(page, "Secret removed");
  await expect(main(page)).toContainText("It has no secrets.");
  expect(await token(page, secret)).toBe(401);

  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await answer(page, "Yes");
  await expectNotice(page, "API client deleted");
  await expect(page).toHaveURL(/\/admin\/clients$/);
  await menu(page, "API clients");
  await search(page, "Nightly");
  await expect(row(page, "Nightly sync")).toHaveCount(0);
});

test("F173 F175 a person lets an app act for them, sees it, and ends that", async ({ signedIn, server }) => {
  const admin = await signedIn(admin1);
  await register(admin, "Desk helper", "http://127.0.0.1/api-reference", false);
  await give(admin, "delegated", OWN_ACCESS);
  const client = await admin.getByLabel("Application (client) id", { exact: true }).inputValue();
  // A program on one's own computer listens on any port; here it is a page of the server's own.
  const callback = `${server.url}/api-reference`;
  const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const link = new URLSearchParams({
    client_id: client,
    response_type: "code",
    redirect_uri: callback,
    scope: `offline_access ${OWN_ACCESS}`,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  });
  const own = await signedIn(plainUser);
  await own.goto(`/oauth2/v2.0/authorize?${link}`);
  await expect(own.getByRole("main")).toContainText("Desk helper asks to act for you.");
  await own.getByRole("button", { name: "Allow", exact: true }).click();
  await expect(own).toHaveURL((url) => url.href.startsWith(callback) && url.searchParams.has("code"));
  const form = {
    grant_type: "authorization_code",
    client_id: client,
    code: new URL(own.url()).searchParams.get("code") ?? "",
    redirect_uri: callback,
    code_verifier: verifier,
  };
  const given = (await (await own.request.post("/oauth2/v2.0/token", { form })).json()) as { refresh_token: string };

  await own.goto("/my-access");
  await alive(own);
  await own.getByRole("button", { name: /^Account/ }).click();
  await own.getByRole("menuitem", { name: "Apps with access" }).click();
  await expect(own.getByRole("heading", { level: 1, name: "Apps with access" })).toBeVisible();
  const entry = main(own).getByRole("listitem").filter({ hasText: "Desk helper" }).first();
  await expect(entry).toContainText("Signed in for you");
  await entry.getByRole("button", { name: "End access of Desk helper" }).click();
  await expectNotice(own, "Access ended");
  await expect(main(own)).toContainText("No app may act for you.");
  const refresh = { grant_type: "refresh_token", client_id: client, refresh_token: given.refresh_token };
  expect((await own.request.post("/oauth2/v2.0/token", { form: refresh })).status()).toBe(400);
});
