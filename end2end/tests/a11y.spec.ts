// Every page, light and dark: no rule of WCAG 2.2 AA broken, nothing on the console, landmarks as they were agreed.
// What has an address is read from src/paths.rs, so a new page is audited without a word here; what opens over a page is in a table.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { alive, audit, expect, field, row, rowAction, test } from "../fixtures/base";
import { Office, request } from "../fixtures/actions";
import { type Person, admin1, colleagues, plainUser } from "../fixtures/people";
import { ROOT, Server } from "../fixtures/server";
import { patiently } from "../fixtures/visitor";

// No test changes what another one reads, so both workers share the file, each with a server prepared once.
test.describe.configure({ mode: "parallel" });
// The words of a page stay as they are while its colours change.
test.use({ scenario: "a11y", contextOptions: { reducedMotion: "reduce" } });

/** A package that somebody has, and the group that it gives. */
const name = "Market hall";
/** A package that somebody had. */
const former = "Old market";
const [deleted, , named] = colleagues;

/** What stands for an id in an address: first the types of src/paths.rs. */
const ids = { UserId: "", ObjectId: "", ApplicationId: "", SiteId: "", CatalogId: "", PackageId: "", PolicyId: "", ClientId: "", OrganizationId: "", DraftId: "", RequestId: "", AssignmentId: "", faulty: "", former: "", deleted: "" };
const filled = (address: string) => address.replace(/\{(\w+)\}/g, (_, id: keyof typeof ids) => ids[id]);

/** What src/paths.rs builds beside pages, and why it is not audited as one. */
const notPages: Record<string, string> = {
  ROOT: "only sends on",
  SIGN_OUT: "only takes a form",
  SET_UP: "is open only while there is no account: audited below",
  TOKEN: "only answers programs",
  DEVICE_CODE: "only answers programs",
  TOKEN_KEYS: "only answers programs",
  OPENID_CONFIGURATION: "only answers programs",
  OAUTH_CONFIGURATION: "only answers programs",
  PROTECTED_RESOURCE: "only answers programs",
  PROTECTED_MCP: "only answers programs",
  MCP: "only answers programs",
  OPENAPI: "only answers programs",
  AUTHORIZE: "is what a client's link asks; src/web/tests/tokens.rs reads it",
  OWN_REQUEST_EVENTS: "is a stream of events",
  request_events: "is a stream of events",
  NOTIFICATION_EVENTS: "is a stream of events",
  mail: "is a pane over MAILS, of a mail that a test would have to wait for",
  mail_link: "only sends on",
  sign_in_link: "is open to whoever was sent its token; src/web/tests/passwords.rs reads it",
  mail_template: "is a pane over MAIL_TEMPLATES, of a mail by its number: audited below",
  my_approval: "is open to an approver of that request alone; src/web/tests/approvals.rs reads it",
  audit_row: "is a pane over AUDIT, of a row that a test would have to look for",
  additional_access: "is about the rule that its query names: audited below",
  audit_of: "is AUDIT with a filter",
  audit_chain: "is AUDIT with a filter",
  mail_content: "is a document for a frame",
  mail_template_content: "is a document for a frame",
  export: "is a file",
  import_new: "is a page for each kind of file: one is audited below",
  import: "is of an import that a test would have to make; src/web/tests/imports.rs reads it",
  import_refused: "is a file",
  import_template: "is a file",
  object: "is the page of a group, an application or a site",
  portal_link: "is my_package with a hint: audited below",
  sign_in: "is SIGN_IN with where to go afterwards",
  with_query: "is any address with a query",
  safe_return: "is an address that was given",
};

/** The addresses that each constant and function of src/paths.rs builds, their ids by type: `/admin/users/{UserId}/edit`. */
function builders(): Map<string, string[]> {
  const [source] = readFileSync(join(ROOT, "src/paths.rs"), "utf8").split("#[cfg(test)]");
  const wizard = /Step \{([^}]*)\}/.exec(readFileSync(join(ROOT, "src/domain/draft.rs"), "utf8"))?.[1] ?? "";
  const words = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, word]) => word);
  const constants = new Map([...source.matchAll(/pub const (\w+): &str = "(.*)"/g)].map(([, constant, path]) => [constant, path]));
  const found = new Map([...constants].map(([constant, path]) => [constant, [path]]));
  for (const [, builder, parameters, body] of source.matchAll(/pub (?:\w+ )?fn (\w+)\(([^)]*)\)[^{]*\{([\s\S]*?)\n\}/g)) {
    const types = new Map([...parameters.matchAll(/(\w+): (\w+Id)\b/g)].map(([, parameter, type]) => [parameter, `{${type}}`]));
    const ends = /: Step\b/.test(parameters) ? words(wizard, /= "(.*)"/g) : words(body, /=> "(.*)"/g);
    const pattern = /format!\("([^"]*)"/.exec(body)?.[1].replace(/\{(\w*)\}/g, (_, key) => constants.get(key) ?? types.get(key) ?? "*");
    const every = pattern?.includes("*") ? ends.map((end) => pattern.replace("*", end)) : pattern ? [pattern] : [];
    found.set(builder, every);
  }
  return found;
}
/** Groups, applications and sites share a type of id. */
const own = (address: string) => address.replace("applications/{ObjectId}", "applications/{ApplicationId}").replace("sites/{ObjectId}", "sites/{SiteId}");
const pages = [...builders()].flatMap(([builder, addresses]) => (builder in notPages ? [] : addresses.map(own)));

type Way = (page: Page) => Promise<unknown>;
const press = (label: string | RegExp): Way => (page) => page.getByRole("button", { name: label, exact: true }).click();
const choose = (thing: string, action: string): Way => (page) => rowAction(page, thing, action);
const tick = (label: string): Way => (page) => page.getByRole("dialog").getByRole("checkbox", { name: label }).check();
const turn = (label: string): Way => (page) => page.getByRole("main").getByRole("radio", { name: label }).check();
const follow = (label: string): Way => (page) => page.getByRole("main").getByRole("link", { name: label }).first().click();
const asked = (title: string | RegExp): Way => (page) => expect(page.getByRole("dialog", { name: title })).toBeVisible();

/** The question has found out whom it concerns. */
const told: Way = (page) => expect(page.getByRole("dialog").getByText("Finding out whom this concerns")).toHaveCount(0);

/** What opens over a page, or what a page shows at another time. */
const states: Record<string, [address: string, ...ways: Way[]]> = {
  "the account menu": ["/admin", press(/^Account/), (page) => expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible()],
  "the account menu of My Access": ["/my-access", press(/^Account/), (page) => expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible()],
  "the example of a mail": ["/admin/settings/mail-templates/18"],
  "the notifications": ["/admin", press("Notifications"), asked("Notifications")],
  "find anything": ["/admin", press("Search"), (page) => expect(page.getByRole("option").first()).toBeVisible()],
  "the menu of a row": ["/admin/users", (page) => row(page, plainUser.name).getByRole("button", { name: /^More actions/ }).click()],
  "a list that finds nothing": ["/admin/users?q=nobody-of-that-name"],
  "a new import": ["/admin/imports/new/users"],

  "a new user with faults": ["/admin/users/new", press("Create"), (page) => expect(page.getByText("User name is required")).toBeVisible()],
  "a deleted user": ["/admin/users/{deleted}"],
  "delete a user": ["/admin/users/{UserId}", press("Delete"), asked(/^Delete/), told],
  "block a user": ["/admin/users/{UserId}", press("Block sign-in"), asked(/^Block/), told],
  "reset a password": ["/admin/users/{UserId}", press("Reset password"), asked(/^Reset/)],

  "a new group with a rule": [
    "/admin/groups/new",
    (page) => page.getByLabel("Membership type").selectOption({ label: "Dynamic" }),
    (page) => page.getByText("How to write a rule").click(),
  ],
  "Select owners": ["/admin/groups/new", press("Add owners"), tick(named.name)],
  "edit a group": ["/admin/groups/{ObjectId}", press("Edit"), asked("Edit group")],
  "add members": ["/admin/groups/{ObjectId}/members", press("Add members"), tick(named.name)],
  "remove an owner": ["/admin/groups/{ObjectId}/owners", choose(named.name, "Remove"), asked(/^Remove/)],

  "Select groups": ["/admin/packages/new/{DraftId}/resource-roles", press("Groups and Teams"), tick("See all"), tick("Leadership")],
  "Select applications": ["/admin/packages/new/{DraftId}/resource-roles", press("Applications"), tick("Customer Insight")],
  "Select SharePoint sites": ["/admin/packages/new/{DraftId}/resource-roles", press("SharePoint sites"), tick("Sales Playbook")],
  "Select users and groups": ["/admin/packages/new/{DraftId}/requests", press("Add users and groups"), tick(named.name)],
  "a package that nobody may request": ["/admin/packages/new/{DraftId}/requests", turn("None (administrator direct assignments only)")],
  "a package until a date": ["/admin/packages/new/{DraftId}/lifecycle", turn("On date")],
  "Basics with faults": ["/admin/packages/new/{faulty}/basics"],
  "Resource roles with faults": ["/admin/packages/new/{faulty}/resource-roles"],
  "Requests with faults": ["/admin/packages/new/{faulty}/requests"],
  "Lifecycle with faults": ["/admin/packages/new/{faulty}/lifecycle"],
  "Review + create with faults": [
    "/admin/packages/new/{faulty}/review",
    (page) => expect(page.getByText("Before it can be created")).toBeVisible(),
  ],

  "edit a package": ["/admin/packages/{PackageId}", press("Edit"), asked("Edit access package")],
  "delete a package": ["/admin/packages/{former}", press("Delete"), asked("Delete access package"), told],
  "end all assignments and delete": ["/admin/packages/{PackageId}", press("End all assignments and delete"), asked(/^End all/), told],
  "changes outside the package": ["/admin/packages/{PackageId}/resource-roles", press("Changes outside the package"), asked(/^Changes outside/)],
  "add resource roles": ["/admin/packages/{PackageId}/resource-roles", press("Add resource roles"), asked("Add resource roles")],
  "remove a resource role": ["/admin/packages/{PackageId}/resource-roles", choose(name, "Remove resource role"), asked("Remove resource role"), told],
  "a policy": ["/admin/packages/{former}/policies", follow("Initial Policy"), asked("Initial Policy")],
  "a policy's approval": [
    "/admin/packages/{PackageId}/policies/new",
    (page) => page.getByRole("group", { name: "Require approval" }).getByRole("radio", { name: "Yes" }).check(),
    (page) => page.getByRole("radio", { name: "Manager as approver", exact: true }).check(),
    (page) => page.getByRole("checkbox", { name: "Show advanced request settings" }).check(),
    press("Add question"),
    press("Add localization"),
    press("Create"),
    (page) => expect(page.getByText("Name is required.")).toBeVisible(),
  ],
  "who has both": ["/admin/packages/{PackageId}/separation-of-duties/people?with-package={former}", (page) => expect(page.getByText("Nobody has both")).toBeVisible()],
  "Select an access package": ["/admin/packages/{PackageId}/separation-of-duties", press("Add access package"), asked("Select an access package")],
  "remove a rule": ["/admin/packages/{PackageId}/separation-of-duties", choose(former, "Remove"), asked(/^Remove/)],
  "an exception with faults": [
    "/admin/packages/{PackageId}/separation-of-duties/exceptions",
    press("Grant exception"),
    (page) => page.getByRole("dialog").getByRole("button", { name: "Grant", exact: true }).click(),
    (page) => expect(page.getByText("Reason is required.")).toBeVisible(),
  ],
  "disable a policy": ["/admin/packages/{PackageId}/policies", choose("Initial Policy", "Disable"), asked("Disable policy"), told],
  "delete a policy": ["/admin/packages/{PackageId}/policies", choose("Initial Policy", "Delete"), asked("Delete policy")],
  "the policy simulator": [
    "/admin/packages/{PackageId}/simulator?person={UserId}",
    (page) => expect(page.getByText("Policies and this person")).toBeVisible(),
  ],
  "remove access": ["/admin/packages/{PackageId}/assignments", choose(plainUser.name, "Remove access"), asked("Remove access")],
  "ticked assignments": ["/admin/packages/{PackageId}/assignments", (page) => page.getByRole("main").getByRole("checkbox", { name: /^Select Alex/ }).check()],
  "an assignment that ended": ["/admin/packages/{former}/assignments?status=expired", follow(plainUser.name), asked("Assignment details")],
  "a new assignment with faults": [
    "/admin/packages/{PackageId}/assignments/new",
    press("Assign"),
    (page) => expect(page.getByText("Users is required")).toBeVisible(),
  ],
  "Select users": ["/admin/packages/{PackageId}/assignments/new", press("Add users"), tick(named.name)],
  "assignments that ended": ["/admin/packages/{former}/assignments?status=expired", (page) => expect(row(page, plainUser.name)).toBeVisible()],

  "what is active": ["/my-access?tab=active", (page) => expect(row(page, name)).toBeVisible()],
  "what has expired": ["/my-access?tab=expired", (page) => expect(row(page, former)).toBeVisible()],
  "a search that finds nothing": ["/my-access?q=nothing-of-that-name"],
  "what a package gives": ["/my-access", (page) => row(page, former).locator("summary").click()],
  "a package by its share link": ["/my-access/packages/{former}?directory=woodgrove-bank"],
  "Request access": ["/my-access/packages/{former}/request", (page) => expect(page.getByLabel("Business justification")).toBeVisible()],
  "Request access with a fault": [
    "/my-access/packages/{former}/request",
    (page) => page.getByLabel("Business justification").fill("j".repeat(2001)),
    press("Submit"),
    (page) => expect(page.getByText(/at most 2000 characters/)).toBeVisible(),
  ],
};

/** What was asked for and is not given: the address, and what the page says. */
const refusals: [address: string, heading: string][] = [
  ["/admin/nowhere", "Not found"],
  ["/admin/packages/{UserId}", "Not found"],
  ["/my-access/nowhere", "Page not found"],
  ["/nowhere", "Page not found"],
  ["/set-up?token=used", "This link no longer works"],
];

test.beforeAll(async ({ server }) => {
  const office = await Office.open(server);
  const call = office.visitor.call.bind(office.visitor) as typeof office.visitor.call;
  const subjects = [{ kind: "user" as const, id: await office.user(plainUser) }];
  const given = await office.package({ name, group: name, days: 30 });
  const taken = await office.package({ name: former, group: name, only: subjects });
  const made = await request(server, plainUser, given, "To set up the stands\nbefore the market opens");
  await request(server, plainUser, taken);
  const { item, roles, policies } = await call<{ item: { catalog: { id: string } }; roles: { role: string; object: { id: string } }[]; policies: { id: string }[] }>("packages/get", { id: given });
  const group = roles[0].object.id;

  type Held = { id: string; version: number; state: string };
  const held = async (id: string, filter: string): Promise<Held> => {
    const { items } = await call<{ items: Held[] }>("assignments/list", { query: { package: id, filter, search: "", page: {} } });
    if (!items.length) throw new Error(`no assignment is ${filter} yet`);
    return items[0];
  };
  const assignment = await patiently(() => held(given, "delivered"));
  const { id, version } = await patiently(() => held(taken, "delivered"));
  await call("assignments/remove", { items: [{ id, version }], tell: true });
  await patiently(() => held(taken, "expired"));

  await call("incompatibilities/add", { package: given, counterpart: { Package: taken } });

  const gone = await office.user(deleted);
  const { version: last } = await call<{ version: number }>("users/get", { id: gone });
  await call("users/delete", { id: gone, version: last });
  await call("groups/add-members", { id: group, role: "owner", users: [await office.user(named)] });

  const requests = { audience: "in_directory", scope: "specific", approval: false, enabled: true };
  const draft = await office.draft((catalog) => ({
    basics: { name: "Harbour fair", description: "For those who set it up", catalog },
    roles: [{ object: group, role: roles[0].role }],
    requests: { ...requests, subjects: [...subjects, { kind: "group", id: group }] },
    lifecycle: { kind: "days", date: "", days: "30", hours: "" },
  }));
  const faulty = await office.draft((catalog) => ({
    basics: { name: "", description: "", catalog },
    roles: [{ object: group, role: null }],
    requests: { ...requests, subjects: [] },
    lifecycle: { kind: "days", date: "", days: "0", hours: "" },
    visited: ["basics", "resource-roles", "requests", "lifecycle"],
  }));
  Object.assign(ids, { UserId: subjects[0].id, ObjectId: group, CatalogId: item.catalog.id, PackageId: given, RequestId: made, AssignmentId: assignment.id, PolicyId: policies[0].id });
  const directory = async (kind: string, search: string) =>
    (await call<{ items: { id: string }[] }>("directory-objects/list", { query: { kind, search } })).items[0].id;
  Object.assign(ids, { ApplicationId: await directory("application", "Customer Insight"), SiteId: await directory("site", "Sales Playbook") });
  const client = await call<string>("clients/create", {
    form: { name: "Nightly report", description: "Reads who has what", redirects: "https://report.woodgrove.example/back", public_client: false },
  });
  const organization = await call<string>("organizations/create", {
    form: { name: "Contoso", description: "Builds the bridge", state: "configured", domains: "contoso.example" },
  });
  Object.assign(ids, { ClientId: client, OrganizationId: organization, DraftId: draft.id, faulty: faulty.id, former: taken, deleted: gone });
});

/** The page as it is: every rule in the light, and in the dark those that colours can break. */
async function auditBoth(page: Page): Promise<void> {
  for (const [colorScheme, rules] of [["light", "all"], ["dark", "colours"]] as const) {
    await page.emulateMedia({ colorScheme });
    // With less motion, a change of colour still takes a millisecond, one after the other down to what inherits it; out of sight, for ever.
    await page.waitForFunction(() =>
      document.getAnimations().every(({ playState, effect }) => {
        const changed = effect instanceof KeyframeEffect ? effect.target : null;
        return playState !== "running" || !changed?.checkVisibility();
      }),
    );
    await test.step(colorScheme, () => audit(page, rules));
  }
}

interface Windows {
  signedIn: (person: Person) => Promise<Page>;
  newWindow: () => Promise<Page>;
}

/** Opens an address as somebody who may, and waits until the page is alive, if it is of a site. */
async function open({ signedIn, newWindow }: Windows, address: string): Promise<Page> {
  const page = await (address === "/sign-in" ? newWindow() : signedIn(address.startsWith("/admin") ? admin1 : plainUser));
  await page.goto(filled(address));
  if (/^\/(admin|my-access)/.test(address)) await alive(page);
  return page;
}

test("every address of src/paths.rs is audited, or is named as no page", () => {
  const found = builders();
  expect(Object.keys(notPages).filter((builder) => !found.has(builder)), "named, but not there").toEqual([]);
  const unread = [...found].filter(([builder, addresses]) => !addresses.length && !(builder in notPages));
  expect(unread.map(([builder]) => builder), "no page could be read from").toEqual([]);
  const unknown = pages.filter((address) => /\*/.test(address) || [...address.matchAll(/\{(\w+)\}/g)].some(([, id]) => !(id in ids)));
  expect(unknown, "with an id of which the spec has none").toEqual([]);
});

/** The frame of each site is read once, with a page in it; then the pages alone. */
const framed = ["/admin/packages/{PackageId}", "/my-access"];
const file = (address: string) => `${address.slice(1).replace(/\{\w+\}/g, "id").replaceAll("/", "-")}.yml`;

/** How a page reads to who cannot see it, with the first rows of its tables, and a word for what is another each time. */
async function outline(page: Page, part: string): Promise<string> {
  // What the trail says depends on what other tests have done on the same server.
  const later = /\/(audit|history)\b/.test(page.url()) ? "tbody tr" : "tbody tr:nth-child(n+4)";
  await page.evaluate((rows) => document.querySelectorAll(rows).forEach((row) => row.setAttribute("hidden", "")), later);
  const read = await page.locator(part).ariaSnapshot();
  return read
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "ID")
    .replace(/\d+ [A-Z][a-z]+ 20\d\d(, \d\d:\d\d( \(UTC[+-][\d:]+\))?)?/g, "DATE")
    .replace(/just now|\d+ (second|minute)s? ago/g, "AGO")
    .replace(/in \d+ days/g, "in DAYS")
    .replace(/127\.0\.0\.1:\d+/g, "HOST")
    .replace(/\/\S+-mail\b/g, "FOLDER");
}

/** What is wider than there is room for it: the page as a whole, or a part that would scroll sideways. */
const tooWide = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("*")]
      .filter((part) => part === document.documentElement || /auto|scroll/.test(getComputedStyle(part).overflowX))
      .filter((part) => part.scrollWidth > part.clientWidth)
      .map((part) => `${part.tagName}.${part.className}: ${part.scrollWidth} in ${part.clientWidth}`),
  );

for (const address of pages) {
  test(`the page ${address}`, async ({ signedIn, newWindow }) => {
    const page = await open({ signedIn, newWindow }, address);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await auditBoth(page);
    expect(new URL(page.url()).pathname, "nothing led elsewhere").toBe(filled(address));
    for (const width of [768, 375, 320]) {
      await page.setViewportSize({ width, height: 800 });
      await expect.poll(() => tooWide(page), `scrolls sideways at ${width} px`).toEqual([]);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    const part = framed.includes(address) ? "body" : "main";
    await expect(async () => expect(await outline(page, part)).toMatchSnapshot(file(address))).toPass({ timeout: 5000 });
  });
}

for (const [title, [address, ...ways]] of Object.entries(states)) {
  test(title, async ({ signedIn, newWindow }) => {
    const page = await open({ signedIn, newWindow }, address);
    for (const way of ways) await way(page);
    await auditBoth(page);
  });
}

test("Set up, where there is no account yet", async ({ page, database }) => {
  const first = await Server.start(database, null);
  try {
    const link = /\/set-up\?\S+/.exec(first.tail())?.[0] ?? "";
    const response = await page.request.get(first.url + link);
    // Scripts and styles are the same on both servers.
    await page.route("**/set-up?*", (route) => route.fulfill({ response }));
    await page.goto(link);
    await expect(page.getByRole("button", { name: "Create administrator" })).toBeVisible();
    await auditBoth(page);
  } finally {
    await first.stop();
  }
});

test.describe("refused", () => {
  // The browser itself notes each refusal on its console.
  test.use({ expectedErrors: [/status of 4\d\d/] });

  for (const [address, heading] of refusals) {
    test(`${heading} at ${address}`, async ({ signedIn, newWindow }) => {
      const page = await open({ signedIn, newWindow }, address);
      await expect(page.getByRole("heading", { level: 1, name: heading })).toBeVisible();
      await auditBoth(page);
    });
  }

  test("Access denied", async ({ signedIn }) => {
    const page = await signedIn(plainUser);
    await page.goto("/admin");
    await expect(page.getByRole("heading", { level: 1, name: "Access denied" })).toBeVisible();
    await auditBoth(page);
  });

  test("a wrong password", async ({ page }) => {
    await page.goto("/sign-in");
    await page.getByLabel("User name").fill(plainUser.userName);
    await field(page, "Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await expect(page.getByRole("alert")).toBeVisible();
    await auditBoth(page);
  });

  test("a new password with faults", async ({ signedIn, newWindow }) => {
    const page = await open({ signedIn, newWindow }, "/password");
    await page.getByLabel("Current password").fill(plainUser.password);
    await field(page, "New password").fill("short");
    await page.getByLabel("New password again").fill("other");
    await page.getByRole("button", { name: "Change password" }).click();
    await expect(field(page, "New password")).toHaveAttribute("aria-invalid", "true");
    await auditBoth(page);
  });
});
