// A site comes in parts: each module is fetched once, one that cannot be had makes the browser load the page whole, and a page that is
// older than the server says so.
import type { Page } from "@playwright/test";
import { alive, expect, menu, test } from "../fixtures/base";
import { admin1, plainUser } from "../fixtures/people";

test.use({ expectedErrors: [/Failed to load resource/] });

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });

/** The modules that came over the network since the page was loaded, without their hashes. */
const fetched = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const all = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
    return all.filter(({ name, transferSize }) => name.endsWith(".wasm") && transferSize > 0).map(({ name }) => name.replace(/^.*\/|\.[0-9a-f]{12}\.wasm$/g, ""));
  });

/** Marks the document, and tells whether it is still the same one. */
async function marked(page: Page): Promise<() => Promise<boolean>> {
  await page.evaluate(() => document.documentElement.setAttribute("data-mark", ""));
  return () => page.evaluate(() => document.documentElement.hasAttribute("data-mark"));
}

test("a walk through the admin area fetches each module once, and stays in one document", async ({ signedIn, newWindow }) => {
  // A window that has nothing yet.
  const page = await newWindow({ storageState: await (await signedIn(admin1)).context().storageState() });
  await page.goto("/admin");
  await alive(page);
  expect(await fetched(page)).toContain("admin");
  await expect.poll(() => fetched(page), "what most parts share is fetched ahead").toContain("admin-common");
  const same = await marked(page);
  await menu(page, "Users", "Groups", "Catalogs", "Access packages");
  const seen = await fetched(page);
  expect(seen).toEqual(expect.arrayContaining(["admin-users", "admin-groups", "admin-catalogs", "admin-packages"]));
  expect(seen).not.toContain("admin-wizard");
  await menu(page, "Users", "Groups", "Catalogs");
  await page.goBack();
  await expect(heading(page, "Groups")).toBeVisible();
  expect(await fetched(page)).toEqual(seen);
  expect(new Set(seen).size).toBe(seen.length);
  expect(await same()).toBe(true);
});

test("the document names the parts of its page, and the page comes alive with them", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  for (const [address, part] of [["/admin/users/new", "admin-user"], ["/admin/packages", "admin-packages"], ["/admin/groups", "admin-groups"]]) {
    await page.goto(address);
    await alive(page);
    await expect(page.locator(`link[rel=preload][as=fetch][href*="${part}."]`)).toHaveCount(1);
    const seen = await fetched(page);
    expect(new Set(seen).size, `${address} fetches nothing twice: ${seen}`).toBe(seen.length);
  }
});

test("My Access fetches its history when it is asked for", async ({ signedIn, newWindow }) => {
  const page = await newWindow({ storageState: await (await signedIn(plainUser)).context().storageState() });
  await page.goto("/my-access");
  await alive(page);
  expect(await fetched(page)).not.toContain("my-access-history");
  const same = await marked(page);
  await menu(page, "Request history", "Access packages");
  const seen = await fetched(page);
  expect(seen).toContain("my-access-history");
  expect(new Set(seen).size).toBe(seen.length);
  expect(await same()).toBe(true);
});

test("while a part is on its way the page before stays, and says that something comes", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin");
  await alive(page);
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/\/admin-groups\./, async (route) => {
    await held;
    await route.continue();
  });
  const link = (name: string) => page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name, exact: true });
  await link("Groups").click();
  await expect(page.locator("html[data-arriving]")).toHaveCount(1);
  await expect(heading(page, "Home")).toBeVisible();
  // Going elsewhere meanwhile is no trouble.
  await menu(page, "Users");
  await expect(heading(page, "Users")).toBeVisible();
  release();
  await expect(page.locator("html[data-arriving]")).toHaveCount(0);
  await menu(page, "Groups");
  await expect(heading(page, "Groups")).toBeVisible();
});

test("a part that cannot be fetched makes the browser load the page whole", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto("/admin");
  await alive(page);
  const same = await marked(page);
  let whole = false;
  page.on("request", (request) => (whole ||= request.isNavigationRequest()));
  await page.route(/\/admin-groups\./, (route) => (whole ? route.continue() : route.abort()));
  await page.getByRole("link", { name: "Groups", exact: true }).first().click();
  await expect.poll(() => same().catch(() => true)).toBe(false);
  await alive(page);
  await expect(heading(page, "Groups")).toBeVisible();
  expect(new URL(page.url()).pathname).toBe("/admin/groups");
});

test("a page that is older than the server says so, and is reloaded by its link", async ({ signedIn }) => {
  for (const [person, start, next] of [[admin1, "/admin", "Users"], [plainUser, "/my-access", "Request history"]] as const) {
    const page = await signedIn(person);
    await page.goto(start);
    await alive(page);
    const banner = page.getByRole("status").filter({ hasText: "Woodgate was upgraded." });
    await expect(banner).toHaveCount(0);
    const same = await marked(page);
    await page.route("**/api/**", (route) => route.continue({ headers: { ...route.request().headers(), accept: "application/x-woodgate-0" } }));
    await page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: next, exact: true }).click();
    await expect(banner).toBeVisible();
    await page.unrouteAll();
    await banner.getByRole("link", { name: "Reload the page" }).click();
    await expect.poll(() => same().catch(() => true)).toBe(false);
    await alive(page);
    await expect(banner).toHaveCount(0);
    await expect(heading(page, next)).toBeVisible();
  }
});
