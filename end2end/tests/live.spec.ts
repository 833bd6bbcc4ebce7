// A page that is open tells by itself what happens to its request. The copy that serves it carries out nothing here, so the request stays
// open for as long as the test looks; another copy delivers it.
import type { Page } from "@playwright/test";
import { Office, request } from "../fixtures/actions";
import { expect, menu, row, test } from "../fixtures/base";
import { admin1, plainUser } from "../fixtures/people";

test.use({ scenario: "live" });

/** A page that was not loaded again still knows what was written on it. */
const mark = (page: Page) => page.evaluate(() => Object.assign(window, { marked: true }));
const isMarked = (page: Page) => page.evaluate(() => "marked" in window);

test("F033 F034 a request that waits moves to Delivered on open pages, without a reload", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Live broadcast", group: "Broadcasters", days: 30 });
  await server.end();
  await server.launch({ WOODGATE_WORKER: "false" });

  const own = await signedIn(plainUser);
  await own.goto(`/my-access/packages/${id}`);
  await own.getByRole("radio").check();
  await own.getByRole("button", { name: "Request access" }).click();
  const pane = own.getByRole("dialog", { name: /Request access/ });
  await pane.getByLabel("Business justification").fill("To see it move");
  await pane.getByRole("button", { name: "Submit" }).click();
  await menu(own, "Request history");
  await expect(row(own, "Live broadcast")).toContainText("Submitted");

  const admin = await signedIn(admin1);
  await admin.goto(`/admin/packages/${id}/requests`);
  await row(admin, plainUser.name).getByRole("link").first().click();
  const details = admin.getByRole("dialog");
  await expect(details).toContainText("Submitted");
  await expect(details).not.toContainText("Delivered");
  await Promise.all([mark(own), mark(admin)]);

  server.command("tick");
  await expect(row(own, "Live broadcast")).toContainText("Delivered");
  await expect(details).toContainText("Delivered");
  expect(await Promise.all([isMarked(own), isMarked(admin)])).toEqual([true, true]);
});

test.describe("a refused stream", () => {
  // The browser itself notes the refusal on its console.
  test.use({ expectedErrors: [/status of 502/] });

  test("F033 F034 is asked for again, and the page says that it waits", async ({ signedIn, server }) => {
    const office = await Office.open(server);
    const id = await office.package({ name: "Second broadcast", group: "Broadcasters", days: 30 });
    await server.end();
    await server.launch({ WOODGATE_WORKER: "false" });
    await request(server, plainUser, id);
    const [own, admin] = [await signedIn(plainUser), await signedIn(admin1)];
    for (const page of [own, admin]) await page.route(/\/events\/requests/, (route) => route.fulfill({ status: 502 }), { times: 1 });
    await own.goto("/my-access/requests");
    await admin.goto(`/admin/packages/${id}/requests`);
    await row(admin, plainUser.name).getByRole("link").first().click();
    for (const page of [own, admin]) await expect(page.getByText(/connection/i).first()).toBeVisible();
    server.command("tick");
    await expect(row(own, "Second broadcast")).toContainText("Delivered");
    await expect(admin.getByRole("dialog")).toContainText("Delivered");
    for (const page of [own, admin]) await expect(page.getByText(/connection/i)).toHaveCount(0);
  });
});
