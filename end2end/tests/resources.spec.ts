// What a package gives: groups, applications and sites, also to those who have it already, and what becomes of those who were there before.
import type { Page } from "@playwright/test";
import { Office, request, settled } from "../fixtures/actions";
import { alive, answer, expect, menu, row, rowAction, search, submenu, test } from "../fixtures/base";
import { type Person, admin1, colleagues, plainUser } from "../fixtures/people";
import { basics, next, pick, roleOf, startPackage } from "../fixtures/wizard";

const person = (name: string) => colleagues.find((colleague) => colleague.name === name) as Person;
const [before, later] = ["Leila Bouchard", "Hanna Virtanen"].map(person);

type Kind = "Groups and Teams" | "Applications" | "SharePoint sites";

const details = (page: Page) => page.getByRole("dialog", { name: "Request details" });
const section = (page: Page, title: string) => details(page).locator("section").filter({ has: page.getByRole("heading", { name: title }) });
const given = (page: Page, name: string) => section(page, "Resource roles").getByRole("listitem").filter({ hasText: name });

async function admin(page: Page, address: string): Promise<void> {
  await page.goto(`/admin/${address}`);
  await alive(page);
}

/** Chooses a resource from the whole directory, and one of the roles that it offers. */
async function add(page: Page, kind: Kind, name: string, role: string, offered: string[]): Promise<void> {
  await pick(page, kind, [name], { seeAll: true });
  await expect(roleOf(page, name).getByRole("option")).toHaveText(["Select role", ...offered]);
  await roleOf(page, name).selectOption({ label: role });
}

/** Opens the members of a group, found by its name. */
async function members(page: Page, name: string): Promise<void> {
  await menu(page, "Groups");
  await search(page, name);
  await row(page, name).getByRole("link", { name, exact: true }).click();
  await submenu(page, "Members");
}

/** Asks for the list again, as its Refresh does, until the engine has been there. */
async function refreshed(page: Page, check: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.getByRole("main").getByRole("button", { name: "Refresh" }).click();
    await check();
  }).toPass({ timeout: 10_000 });
}

/** The details of the one request for a package. */
async function openRequest(page: Page, id: string, who: Person): Promise<void> {
  await admin(page, `packages/${id}/requests`);
  await row(page, who.name).getByRole("link").first().click();
  await expect(details(page)).toContainText("Delivered");
}

test.describe("Add resource roles on a package that somebody has", () => {
  test("F061 F036 its holder becomes a member of the group and holds the role of the application", async ({ signedIn, server }) => {
    const office = await Office.open(server);
    const id = await office.package({ name: "Ferry crew", group: "Ferry crews" });
    await office.group("Ferry radio");
    await request(server, plainUser, id);
    await settled(server);
    const page = await signedIn(admin1);
    await admin(page, `packages/${id}/resource-roles`);
    await page.getByRole("button", { name: "Add resource roles" }).click();
    const pane = page.getByRole("dialog", { name: "Add resource roles" });
    await add(page, "Groups and Teams", "Ferry radio", "Member", ["Member", "Owner"]);
    await add(page, "Applications", "Loan Origination", "Underwriter", ["Analyst", "Underwriter", "Approver"]);
    await pane.getByRole("button", { name: "Add", exact: true }).click();
    await expect(pane).toBeHidden();
    await page.reload();
    await expect(row(page, "Ferry radio")).toContainText("Member");
    await expect(row(page, "Loan Origination")).toContainText("Underwriter");

    await members(page, "Ferry radio");
    await refreshed(page, () => expect(row(page, plainUser.name)).toContainText("Package: Ferry crew", { timeout: 500 }));
    await openRequest(page, id, plainUser);
    await expect(given(page, "Loan Origination")).toContainText("Underwriter");
    await expect(given(page, "Loan Origination")).toContainText("Added");
    expect(server.check().faults).toEqual([]);
  });

  test("F015 F061 a resource without its role is told at its row, and nothing is added", async ({ signedIn, server }) => {
    const office = await Office.open(server);
    const id = await office.package({ name: "Ferry guard", group: "Ferry guards" });
    await office.group("Ferry cabins");
    const page = await signedIn(admin1);
    await admin(page, `packages/${id}/resource-roles`);
    await page.getByRole("button", { name: "Add resource roles" }).click();
    const pane = page.getByRole("dialog", { name: "Add resource roles" });
    await expect(pane.getByRole("button", { name: "Add", exact: true })).toBeDisabled();
    await add(page, "Groups and Teams", "Ferry cabins", "Select role", ["Member", "Owner"]);
    await pane.getByRole("button", { name: "Add", exact: true }).click();
    await expect(roleOf(page, "Ferry cabins")).toHaveAccessibleDescription("Role is required.");
    await pane.getByRole("button", { name: "Cancel" }).click();
    await page.reload();
    await expect(row(page, "Ferry guards")).toBeVisible();
    await expect(row(page, "Ferry cabins")).toHaveCount(0);
  });
});

test("F057 F058 F014 an application and a site chosen in the wizard are given to who asks, and taken back", async ({ signedIn }) => {
  const page = await signedIn(admin1);
  await startPackage(page);
  await basics(page, "Teller training", "Three weeks at the counter");
  await add(page, "Applications", "Core Banking", "Teller", ["Teller", "Supervisor", "Auditor"]);
  await add(page, "Applications", "Expense Reports", "Default Access", ["Default Access"]);
  await add(page, "SharePoint sites", "Bank Policies", "Visitors", ["Owners", "Members", "Visitors"]);
  await next(page);
  await page.getByRole("radio", { name: "For users in your directory" }).check();
  await page.getByRole("radio", { name: "All members" }).check();
  await next(page);
  await page.getByRole("radio", { name: "Never" }).check();
  await next(page);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Teller training" })).toBeVisible();
  const id = page.url().split("/").at(-1) as string;

  const own = await signedIn(later);
  await own.goto("/my-access");
  await row(own, "Teller training").getByRole("radio").check();
  await own.getByRole("button", { name: "Request access" }).click();
  await own.getByLabel("Business justification").fill("I begin on Monday");
  await own.getByRole("button", { name: "Submit" }).click();
  await menu(own, "Request history");
  await expect(row(own, "Teller training")).toContainText("Delivered");

  const roles: [name: string, role: string, type: string][] = [
    ["Core Banking", "Teller", "Application"],
    ["Expense Reports", "Default Access", "Application"],
    ["Bank Policies", "Visitors", "SharePoint site"],
  ];
  await admin(page, `packages/${id}/resource-roles`);
  for (const [name, role, type] of roles) {
    await expect(row(page, name)).toContainText(role);
    await expect(row(page, name)).toContainText(type);
  }
  await openRequest(page, id, later);
  const story = page.url();
  for (const [name, role] of roles) {
    await expect(given(page, name)).toContainText(role);
    await expect(given(page, name)).toContainText("Added");
  }
  await admin(page, "catalogs");
  await row(page, "General").getByRole("link", { name: "General" }).click();
  await submenu(page, "Resources");
  for (const [name] of roles) await expect(row(page, name)).toContainText("Teller training");

  await admin(page, `packages/${id}/assignments`);
  await rowAction(page, later.name, "Remove access");
  await answer(page, "Yes");
  await expect(row(page, later.name)).toContainText("Expired");
  await page.goto(story);
  for (const [name] of roles) await expect(given(page, name)).toContainText("Removed");
});

test.describe("who was a member by hand before they were given the package", () => {
  const ways: { choice: string; told: string; stays: boolean }[] = [
    { choice: "Keep it when access ends", told: "keep it when access ends.", stays: true },
    { choice: "Lose it when access ends", told: "lose it when access ends.", stays: false },
  ];
  for (const { choice, told, stays } of ways) {
    test(`F125 F059 ${stays ? "stays one" : "is none any more"} at its end with "${choice}"`, async ({ signedIn, server }) => {
      const office = await Office.open(server);
      const name = stays ? "Watchmen" : "Signallers";
      const group = await office.group(name);
      const id = await office.package({ name: `${name} on duty`, group: name });
      const page = await signedIn(admin1);
      await admin(page, `packages/${id}`);
      // The other one first, so that each of them is a change.
      for (const way of [...ways.filter((way) => way.stays !== stays), { choice, told }]) {
        await page.getByRole("button", { name: "Edit", exact: true }).click();
        const pane = page.getByRole("dialog", { name: "Edit access package" });
        await pane.getByRole("radio", { name: way.choice }).check();
        await pane.getByRole("button", { name: "Save" }).click();
        await expect(page.getByText(`People who had one of these roles before ${way.told}`)).toBeVisible();
      }
      await page.reload();
      await expect(page.getByText(`People who had one of these roles before ${told}`)).toBeVisible();

      await admin(page, `groups/${group}/members`);
      await pick(page, "Add members", [before.name]);
      await expect(row(page, before.name)).toContainText("Direct");
      for (const who of [before, later]) await request(server, who, id);
      await settled(server);
      await page.reload();
      await expect(row(page, before.name)).toContainText("Direct");
      for (const { name: who } of [before, later]) await expect(row(page, who)).toContainText(`Package: ${name} on duty`);

      for (const { name: who } of [before, later]) {
        await admin(page, `packages/${id}/assignments`);
        await rowAction(page, who, "Remove access");
        await answer(page, "Yes");
        await expect(row(page, who)).toContainText("Expired");
      }
      await members(page, name);
      if (stays) {
        await expect(row(page, before.name)).toContainText("Direct");
        await expect(row(page, before.name)).not.toContainText("Package");
        await expect(row(page, later.name)).toHaveCount(0);
      } else {
        await expect(page.getByText("No members yet")).toBeVisible();
      }
    });
  }
});
