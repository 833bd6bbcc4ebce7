// Approvals as approvers use them: what waits and what was decided, a decision with its reason, several at once, somebody who stands in, and
// access taken back. The rules themselves are shown by the tests beside the code.
import type { Page } from "@playwright/test";
import { Office, request, settled, stage } from "../fixtures/actions";
import { alive, expect, expectNotice, field, row, test } from "../fixtures/base";
import { colleagues, plainUser } from "../fixtures/people";
import type { Server } from "../fixtures/server";

test.use({ scenario: "approvals" });
test.describe.configure({ mode: "serial" });
// What only the server knows to be wrong is answered with a status that the browser notes on its console.
test.use({ expectedErrors: [/status of 4(00|09|22)/] });

const [approver, second, delegate, ...askers] = colleagues;

/** A package whose requests wait for one or two people. */
async function decided(server: Server, name: string, more: object = {}): Promise<string> {
  const office = await Office.open(server);
  const users = [await office.user(approver), await office.user(second)];
  return office.package({ name, group: name, days: 30, requests: { approval: true, justification: false, stages: [stage(users, more)] } });
}

async function approvals(page: Page, tab: "Pending" | "History" = "Pending"): Promise<void> {
  await page.goto("/my-access/approvals");
  await alive(page);
  if (tab === "History") {
    await page.getByRole("main").getByRole("link", { name: "History", exact: true }).click();
    await expect(page).toHaveURL(/tab=history/);
  }
}

const pane = (page: Page) => page.getByRole("dialog", { name: "Request to decide" });

async function decide(page: Page, name: string, verb: "Approve" | "Deny", reason: string): Promise<void> {
  await row(page, name).getByRole("link").first().click();
  await field(pane(page), "Reason").fill(reason);
  await pane(page).getByRole("button", { name: verb, exact: true }).click();
}

test("F095 F144 F145 a request is read and approved with a reason, and moves from Pending to History", async ({ signedIn, server }) => {
  await request(server, plainUser, await decided(server, "Signal station", { justification: true }), "I keep the lights");
  const page = await signedIn(approver);
  await approvals(page);
  await expect(page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: "Approvals (1)" })).toBeVisible();
  await decide(page, "Signal station", "Approve", "");
  await expect(pane(page)).toContainText("I keep the lights");
  await expect(pane(page)).toContainText(plainUser.name);
  await expect(pane(page).getByText("Reason is required.")).toBeVisible();
  await field(pane(page), "Reason").fill("He is on duty");
  await pane(page).getByRole("button", { name: "Approve", exact: true }).click();
  await expect(pane(page)).toContainText("He is on duty");
  await settled(server);

  await approvals(page);
  await expect(row(page, "Signal station")).toHaveCount(0);
  await approvals(page, "History");
  await expect(row(page, "Signal station")).toContainText("Approved");
  // The other approver was told, and sees who decided.
  const other = await signedIn(second);
  await approvals(other, "History");
  await expect(row(other, "Signal station")).toContainText("By another approver");
  await row(other, "Signal station").getByRole("link").first().click();
  await expect(pane(other)).toContainText(`${approver.name}: Approved`);
  const own = await signedIn(plainUser);
  await own.goto("/my-access/requests");
  await expect(row(own, "Signal station")).toContainText("Delivered");
});

test("F087 F089 F144 several are denied at once, with one reason", async ({ signedIn, server }) => {
  const id = await decided(server, "Lighthouse");
  for (const person of askers.slice(0, 3)) await request(server, person, id);
  const page = await signedIn(approver);
  await approvals(page);
  for (const person of askers.slice(0, 2)) await page.getByRole("checkbox", { name: `Select Lighthouse for ${person.name}` }).check();
  await expect(page.getByText("2 requests ticked")).toBeVisible();
  await field(page, "Reason").fill("The lamp is out");
  await page.getByRole("button", { name: "Deny", exact: true }).click();
  await expectNotice(page, "2 requests denied");
  await expect(row(page, "Lighthouse")).toHaveCount(1);
  await expect(row(page, askers[2].name)).toBeVisible();
  const own = await signedIn(askers[0]);
  await own.goto("/my-access/requests");
  await alive(own);
  await expect(row(own, "Lighthouse")).toContainText("Denied");
  await row(own, "Lighthouse").getByRole("link").first().click();
  await expect(own.getByRole("dialog")).toContainText("The lamp is out");
});

test("F147 approvals are delegated, the delegate decides and sees for whom, and the delegation is removed", async ({ signedIn, server }) => {
  const page = await signedIn(approver);
  await approvals(page);
  await page.getByRole("link", { name: "Delegate approvals" }).click();
  const form = page.getByRole("dialog", { name: "Delegate approvals" });
  await field(form, "Delegate").fill("nobody.at.all");
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form.locator(".field-error").filter({ hasText: /\S/ })).toHaveCount(1);
  await field(form, "Delegate").fill(delegate.userName);
  await form.getByRole("button", { name: "Save" }).click();
  await expect(form).toContainText(delegate.name);
  await expect(form).toContainText("Active");

  const standing = await signedIn(delegate);
  await approvals(standing);
  await expect(row(standing, "Lighthouse")).toContainText(`In place of ${approver.name}`);
  await decide(standing, "Lighthouse", "Approve", "In her place");
  await expect(pane(standing)).toContainText(`${delegate.name} in place of ${approver.name}: Approved`);
  await settled(server);

  await form.getByRole("button", { name: /^Remove/ }).click();
  await expect(form).toContainText("Ended");
});

test("F146 what was approved is revoked from the history, with a reason", async ({ signedIn, server }) => {
  await request(server, plainUser, await decided(server, "Chart room"));
  const page = await signedIn(approver);
  await approvals(page);
  await decide(page, "Chart room", "Approve", "For the survey");
  await settled(server);
  await approvals(page, "History");
  await row(page, "Chart room").getByRole("link").first().click();
  await field(pane(page), "Reason").fill("The survey is over");
  await pane(page).getByRole("button", { name: "Revoke access" }).click();
  await expect(pane(page).getByRole("button", { name: "Revoke access" })).toHaveCount(0);
  await settled(server);
  const own = await signedIn(plainUser);
  await own.goto("/my-access?tab=expired");
  await expect(row(own, "Chart room")).toBeVisible();
});

test("F144 F164 the bell tells of a request while the page is open, leads to it, and knows what was read", async ({ signedIn, server }) => {
  const id = await decided(server, "Harbour master");
  const page = await signedIn(second);
  await page.goto("/my-access");
  await alive(page);
  const bell = page.getByRole("button", { name: /^Notifications/ });
  await expect(bell).toContainText("unread");
  await bell.click();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(bell).not.toContainText("unread");
  await page.keyboard.press("Escape");
  await page.evaluate(() => Object.assign(window, { marked: true }));

  await request(server, askers[5], id, "For the regatta");
  await expect(bell).toContainText("1 unread");
  await expect(page.getByRole("navigation", { name: "Main menu" }).getByRole("link", { name: /^Approvals \(\d+\)/ })).toBeVisible();
  await bell.click();
  const told = page.getByRole("link", { name: /Unread: .*asks for access to Harbour master/ });
  await told.click();
  await expect(pane(page)).toContainText("For the regatta");
  await expect(bell).not.toContainText("unread");
  expect(await page.evaluate(() => "marked" in window), "the page was never loaded again").toBe(true);
  await pane(page).getByRole("button", { name: "Deny", exact: true }).click();
  await expect(pane(page)).toContainText("Denied");
  // The other approver's bell says so.
  const other = await signedIn(approver);
  await other.goto("/my-access");
  await alive(other);
  await other.getByRole("button", { name: /^Notifications/ }).click();
  await expect(other.getByRole("link", { name: new RegExp(`Harbour master was denied by ${second.name}`) })).toBeVisible();
});
