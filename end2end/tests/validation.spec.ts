// Bad input, typed or forged: each is refused at its field, in words that a person understands, and nothing is stored.
import type { Page } from "@playwright/test";
import { alive, answer, expect, field, menu, row, rowAction, search, test } from "../fixtures/base";
import { Office, request } from "../fixtures/actions";
import { admin1, plainUser, userAdmin1 } from "../fixtures/people";
import { Refused, Visitor } from "../fixtures/visitor";

// The browser itself notes each refused answer of the server on its console.
test.use({ scenario: "validation", expectedErrors: [/the server responded with a status of 4\d\d/] });

const nobody = "0197f3c2-0000-7000-8000-000000000000";

async function wizard(page: Page): Promise<void> {
  await page.goto("/admin");
  await menu(page, "Access packages");
  await page.getByRole("link", { name: "New access package" }).click();
  const afresh = page.getByRole("button", { name: "Start new" });
  await expect(afresh.or(field(page, "Name"))).toBeVisible();
  if (await afresh.isVisible()) await afresh.click();
  await expect(field(page, "Name")).toBeVisible();
}

async function basics(page: Page, name: string, description = "For the tests"): Promise<void> {
  await field(page, "Name").fill(name);
  await page.getByLabel("Description").fill(description);
  await page.getByRole("button", { name: "Next: Resource roles" }).click();
}

let hall = "";

test.beforeAll(async ({ server }) => {
  hall = await (await Office.open(server)).package({ name: "Market hall key", group: "Market hall", days: 30 });
});

const names: [string, string, RegExp][] = [
  ["empty", "", /Name is required/],
  ["blank", " \u00a0\u2003 ", /Name is required/],
  ["257 characters", "n".repeat(257), /at most 256 characters/],
  ["a control character", "Market\u0007hall", /can't be used here/],
  ["a change of direction", "Market\u202ehall", /can't be used here/],
  ["taken, in other case", "MARKET HALL KEY", /is taken/],
  ["taken, with a blank behind", "Market hall key ", /is taken/],
];

for (const [what, name, message] of names) {
  test(`F010 a package's name that is ${what} is refused at its field`, async ({ signedIn }) => {
    const page = await signedIn(admin1);
    await wizard(page);
    await basics(page, name);
    const box = field(page, "Name");
    await expect(box).toHaveAttribute("aria-invalid", "true");
    await expect(box).toHaveAccessibleDescription(message);
  });
}

test("F010 256 characters are counted as a person counts them", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "🏦".repeat(256), "🏦".repeat(1024));
  await expect(page.getByRole("button", { name: "Groups and Teams" })).toBeVisible();
});

test("a description of 1,025 characters is refused at its field", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "Too much said", "d".repeat(1025));
  await expect(page.getByLabel("Description")).toHaveAccessibleDescription(/at most 1024 characters/);
});

for (const days of ["0", "-1", "3661", "soon", "1.5", ""]) {
  test(`F021 "${days}" days are refused at their field`, async ({ signedIn }) => {
    const page = await signedIn(admin1);
    await wizard(page);
    await basics(page, "Never made");
    await page.getByRole("link", { name: /^Lifecycle/ }).click();
    await page.getByRole("group", { name: "Access package assignments expire" }).getByRole("radio", { name: "Number of days" }).check();
    const field = page.getByLabel("Assignments expire after");
    await field.fill(days);
    await page.getByRole("button", { name: "Next: Review + create" }).click();
    await expect(field).toHaveAccessibleDescription(/whole number|from 1 to 3660|required/);
  });
}

test("F021 F076 each way in which access ends keeps what was typed for it", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "Never made");
  await page.getByRole("link", { name: /^Lifecycle/ }).click();
  const ways = page.getByRole("group", { name: "Access package assignments expire" });
  const number = page.getByLabel("Assignments expire after");
  await ways.getByRole("radio", { name: "Number of days" }).check();
  await number.fill("30");
  await ways.getByRole("radio", { name: "Number of hours" }).check();
  await expect(number).toHaveValue("");
  await number.fill("8");
  await ways.getByRole("radio", { name: "On date" }).check();
  await expect(page.getByLabel("Expiration date")).toHaveValue("");
  await page.getByLabel("Expiration date").fill("2099-01-31");
  await ways.getByRole("radio", { name: "Number of days" }).check();
  await expect(number).toHaveValue("30");
  await ways.getByRole("radio", { name: "Number of hours" }).check();
  await expect(number).toHaveValue("8");
  await ways.getByRole("radio", { name: "On date" }).check();
  await expect(page.getByLabel("Expiration date")).toHaveValue("2099-01-31");
});

test("F061 Esc in Select groups leaves the pane around it open", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await page.goto(`/admin/packages/${hall}/resource-roles`);
  await page.getByRole("button", { name: "Add resource roles" }).click();
  const outer = page.getByRole("dialog", { name: "Add resource roles" });
  const inner = page.getByRole("dialog", { name: "Select groups" });
  await outer.getByRole("button", { name: "Groups and Teams" }).click();
  await inner.getByRole("searchbox").press("Escape");
  await expect(inner).toBeHidden();
  await expect(outer).toBeVisible();
});

test("F012 Select groups opens anew with an empty search", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "Never made");
  const pane = page.getByRole("dialog", { name: "Select groups" });
  const search = pane.getByRole("searchbox");
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  await search.fill("Market hall");
  await expect(pane.getByText("Market hall")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(pane).toBeHidden();
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  await expect(search).toHaveValue("");
});

test("a date in the past is refused at its field", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "Never made");
  await page.getByRole("link", { name: /^Lifecycle/ }).click();
  await page.getByRole("group", { name: "Access package assignments expire" }).getByRole("radio", { name: "On date" }).check();
  const field = page.getByLabel("Expiration date");
  await field.fill("2001-01-01");
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(field).toHaveAccessibleDescription(/in the future/);
});

for (const kind of ["users", "groups", "catalogs", "packages", "packages/new"]) {
  test(`an unknown id below /admin/${kind} is answered with a page that says so`, async ({ signedIn }) => {
    const page = await signedIn(admin1);
    for (const id of [nobody, "not-an-id"]) {
      await page.goto(`/admin/${kind}/${id}`);
      await expect(page.getByRole("heading", { name: /not found/i })).toBeVisible();
    }
  });
}

test("F032 the same form sent twice makes one request", async ({ signedIn }) => {
  const page = await signedIn(plainUser);
  await page.goto("/my-access");
  await row(page, "Market hall key").getByRole("radio").check();
  await page.getByRole("button", { name: "Request access" }).click();
  await page.getByLabel("Business justification").fill("Pressed twice");
  await page.getByRole("button", { name: "Submit" }).dblclick();
  await menu(page, "Request history");
  await expect(row(page, "Market hall key")).toHaveCount(1);
});

test("F031 a justification of 2,001 characters is refused at its field", async ({ signedIn }) => {
  const page = await signedIn(userAdmin1);
  await page.goto("/my-access");
  await row(page, "Market hall key").getByRole("radio").check();
  await page.getByRole("button", { name: "Request access" }).click();
  const field = page.getByLabel("Business justification");
  await field.fill("j".repeat(2001));
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(field).toHaveAccessibleDescription(/at most 2000 characters/);
});

test("F031 a justification with a change of direction is refused at its field and keeps the text", async ({ signedIn }) => {
  const page = await signedIn(userAdmin1);
  await page.goto(`/my-access/packages/${hall}/request`);
  await alive(page);
  const field = page.getByLabel("Business justification");
  await field.fill("For the \u202emarket");
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(field).toHaveAccessibleDescription(/can't be used here/);
  await expect(field).toHaveAttribute("aria-invalid", "true");
  await expect(field).toHaveValue("For the \u202emarket");
});

test("F028 who is no longer covered when they press Submit is told so and keeps what was typed", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const keepers = await office.group("Stall keepers");
  const user = await office.user(plainUser);
  await office.visitor.call("groups/add-members", { id: keepers, role: "member", users: [user] });
  const id = await office.package({ name: "Stall key", group: "Market hall", only: [{ kind: "group", id: keepers }] });
  const page = await signedIn(plainUser);
  await page.goto(`/my-access/packages/${id}/request`);
  await alive(page);
  await page.getByLabel("Business justification").fill("One stall too many");
  await office.visitor.call("groups/remove-member", { id: keepers, role: "member", user });
  await page.getByRole("button", { name: "Submit" }).click();
  await expect(page.getByRole("dialog").getByRole("alert")).toContainText("its policy doesn't include you");
  await expect(page.getByLabel("Business justification")).toHaveValue("One stall too many");
});

test("another person's request is not shown", async ({ signedIn, server }) => {
  const asked = await (await Office.open(server)).package({ name: "Private matter", group: "Market hall" });
  const id = await request(server, plainUser, asked, "For my eyes only");
  const other = await signedIn(userAdmin1);
  await other.goto(`/my-access/requests/${id}`);
  await expect(other.getByText("For my eyes only")).toHaveCount(0);
  await expect(other.getByText(/no such request/i).first()).toBeVisible();
});

test("of two administrators who edit one package, the second is told what changed", async ({ signedIn }) => {
  const open = async (page: Page) => {
    await page.goto("/admin");
    await menu(page, "Access packages");
    await row(page, "Market hall key").getByRole("link", { name: "Market hall key" }).click();
    await page.getByRole("button", { name: "Edit" }).click();
  };
  const first = await signedIn(admin1);
  const second = await signedIn(userAdmin1);
  await open(first);
  await open(second);
  await first.getByLabel("Description").fill("Said by the first");
  await first.getByRole("button", { name: "Save" }).click();
  await expect(first.getByRole("main")).toContainText("Said by the first");
  await second.getByLabel("Description").fill("Said by the second");
  await second.getByRole("button", { name: "Save" }).click();
  await expect(second.getByText(/changed since you opened it/)).toBeVisible();
});

test("a group deleted while a draft names it is told at Review", async ({ signedIn, server }) => {
  await (await Office.open(server)).group("Short-lived");
  const page = await signedIn(admin1);
  await wizard(page);
  await basics(page, "Names what has gone");
  await page.getByRole("button", { name: "Groups and Teams" }).click();
  const pane = page.getByRole("dialog", { name: "Select groups" });
  await pane.getByRole("checkbox", { name: "See all" }).check();
  await pane.getByRole("searchbox").fill("Short-lived");
  await pane.getByRole("checkbox", { name: "Short-lived" }).check();
  await pane.getByRole("button", { name: "Select", exact: true }).click();
  await row(page, "Short-lived").getByRole("combobox", { name: /Role/ }).selectOption({ label: "Member" });
  await page.getByRole("button", { name: "Next: Requests" }).click();
  await page.getByRole("radio", { name: /^None/ }).check();
  await page.getByRole("button", { name: "Next: Lifecycle" }).click();
  await page.getByRole("button", { name: "Next: Review + create" }).click();
  await expect(page).toHaveURL(/review$/);
  const draft = page.url();

  await menu(page, "Groups");
  await search(page, "Short-lived");
  await rowAction(page, "Short-lived", "Delete");
  await answer(page, "Yes");
  await expect(row(page, "Short-lived")).toHaveCount(0);
  await page.goto(draft);
  await expect(page.getByText(/no longer there/).first()).toBeVisible();
});

test("a package that was deleted after the page was opened refuses the Submit and keeps what was typed", async ({ signedIn, server }) => {
  await (await Office.open(server)).package({ name: "Closing soon", group: "Market hall" });
  const admin = await signedIn(admin1);
  await admin.goto("/admin/packages");
  const own = await signedIn(plainUser);
  await own.goto("/my-access");
  await row(own, "Closing soon").getByRole("radio").check();
  await own.getByRole("button", { name: "Request access" }).click();
  await own.getByLabel("Business justification").fill("Too late");
  await rowAction(admin, "Closing soon", "Delete");
  await answer(admin, "Yes");
  await expect(row(admin, "Closing soon")).toHaveCount(0);
  await own.getByRole("button", { name: "Submit" }).click();
  await expect(own.getByRole("dialog").getByText(/deleted|no longer/i)).toBeVisible();
  await expect(own.getByLabel("Business justification")).toHaveValue("Too late");
});

test("a call from another site is refused before anything is read", async ({ signedIn, server }) => {
  const page = await signedIn(plainUser);
  const answer = await page.request.post(`${server.url}/api/my-access/request`, {
    headers: { origin: "https://elsewhere.example", "sec-fetch-site": "cross-site" },
    data: { form: { package: hall, justification: "forged" } },
  });
  expect(answer.status()).toBe(403);
});

test("every door asks who is there, and what they may", async ({ server }) => {
  const doors: [string, object][] = [
    ["users/list", { query: {} }],
    ["groups/create", { form: { name: "Mine", description: "", kind: "security", membership: "assigned", rule: "", owners: [], members: [] } }],
    ["packages/delete", { id: hall, version: 1 }],
    ["packages/get", { id: hall }],
    ["drafts/start", { catalog: null }],
    ["requests/get", { id: nobody }],
    ["assignments/remove", { id: nobody, version: 1 }],
  ];
  const refusal = (visitor: Visitor, door: string, input: object) =>
    visitor.call(door, input).then(
      () => 200,
      (error: Refused) => error.status,
    );
  const stranger = new Visitor(server.url);
  const plain = await new Visitor(server.url).signIn(plainUser);
  for (const [door, input] of doors) {
    expect(await refusal(stranger, door, input), `${door} signed out`).toBe(401);
    expect(await refusal(plain, door, input), `${door} without a role`).toBe(403);
  }
});

test("a request for nothing, or with bad words, is refused", async ({ server }) => {
  const plain = await new Visitor(server.url).signIn(plainUser);
  for (const forged of [
    { package: nobody, justification: "no such package" },
    { package: "not-an-id", justification: "no id" },
    { justification: "no package" },
    { package: hall, justification: "\u202e backwards" },
    { package: hall, justification: "j".repeat(2001) },
  ]) {
    const error = await plain.call("my-access/request", { form: forged }).catch((caught: Refused) => caught);
    expect((error as Refused).status, JSON.stringify(forged).slice(0, 80)).toBeGreaterThanOrEqual(400);
    expect((error as Refused).status).toBeLessThan(500);
  }
});

test("forged fields change nothing: a request is always one's own, by the package's own policy", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const [own, other] = [await office.user(plainUser), await office.user(userAdmin1)];
  const policyOf = async (id: string) => (await office.visitor.call<{ policies: { id: string }[] }>("packages/get", { id })).policies[0].id;
  const foreign = await policyOf(hall);
  const whose = { target: other, target_id: other, requestor: other, requestor_id: other, user: other, actor: other };
  const which = { id: nobody, policy: foreign, policy_id: foreign, state: "delivered", kind: "admin_add", expiration: "never" };
  const forged = { ...whose, ...which };
  const plain = await new Visitor(server.url).signIn(plainUser);
  const { request: browser } = await signedIn(plainUser);
  const words = "For myself";
  const ways: Record<string, (id: string) => Promise<unknown>> = {
    "in the form": (id) => plain.call("my-access/request", { form: { ...forged, package: id, justification: words } }),
    "beside the form": (id) => plain.call("my-access/request", { ...forged, form: { package: id, justification: words } }),
    "in the address": (id) => plain.call(`my-access/request?${new URLSearchParams(forged)}`, { form: { package: id, justification: words } }),
    "without scripting": (id) =>
      browser.post(`/my-access/packages/${id}/request`, { headers: { origin: server.url }, form: { ...forged, package: hall, justification: words } }),
  };
  interface Kept {
    id: string;
    target: { id: string };
    policy: { id: string };
  }
  for (const [way, send] of Object.entries(ways)) {
    const id = await office.package({ name: `Harbour key ${way}`, group: "Harbour", days: 1 });
    await send(id);
    const { items } = await office.visitor.call<{ items: Kept[] }>("requests/list", { query: { package: id, filter: "all", search: "", page: {} } });
    expect(items.map((item) => [item.target.id, item.policy.id]), way).toEqual([[own, await policyOf(id)]]);
    const { requestor, justification } = await office.visitor.call<{ requestor: { id: string }; justification: string }>("requests/get", { id: items[0].id });
    expect([requestor.id, justification], way).toEqual([own, words]);
  }
  const others = await new Visitor(server.url).signIn(userAdmin1);
  const { items } = await others.call<{ items: Kept[] }>("my-access/requests", { page: {} });
  expect(items, "requests of the other person").toEqual([]);
});
