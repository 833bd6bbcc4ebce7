// What a change would do is said before it is made; a package is ended with everything that hangs on it; anything is found by keyboard.
import { Office, request, settled } from "../fixtures/actions";
import { alive, answer, expect, expectNotice, rowAction, test } from "../fixtures/base";
import { admin1, colleagues, plainUser } from "../fixtures/people";

test.use({ scenario: "find" });

test("F064 anything is found by keyboard, and Escape leaves the page as it was", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Beacon keys", group: "Beacon" });
  const page = await signedIn(admin1);
  await page.goto("/admin/users");
  await alive(page);
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: "Search everything" });
  await expect(search).toBeFocused();
  await expect(page.getByRole("option", { name: "Access packages" })).toBeVisible();
  await search.fill("beac");
  await expect(page.getByRole("option", { name: /Beacon keys/ })).toBeVisible();
  await expect(page.getByRole("group", { name: "Groups" }).getByRole("option")).toHaveText([/Beacon/]);
  await expect(search).toHaveAttribute("aria-activedescendant", "finder-0");
  await search.press("ArrowDown");
  await expect(search).toHaveAttribute("aria-activedescendant", "finder-1");
  await search.press("ArrowDown");
  await search.press("ArrowUp");
  await search.press("Enter");
  await expect(page).toHaveURL(`/admin/packages/${id}`);
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Search", exact: true }).click();
  await search.fill("nothing of that name");
  await expect(page.getByText("Nothing matches.")).toBeVisible();
  await search.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "Beacon keys" })).toBeVisible();
});

test("F040 F062 the question before a role is removed names who loses it, and who keeps it", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Harbour pilots", group: "Pilots" });
  const other = await office.package({ name: "Harbour masters", group: "Pilots" });
  await request(server, plainUser, id);
  await request(server, colleagues[0], id);
  await request(server, colleagues[0], other);
  await settled(server);
  const page = await signedIn(admin1);
  await page.goto(`/admin/packages/${id}/resource-roles`);
  await alive(page);
  await rowAction(page, "Pilots", "Remove resource role");
  const dialog = page.getByRole("dialog", { name: "Remove resource role" });
  await expect(dialog).toContainText("1 person loses Member of Pilots");
  await expect(dialog.getByRole("list", { name: /loses/ })).toContainText(plainUser.name);
  await expect(dialog).toContainText("1 person keeps Member of Pilots, because something else gives it");
  await expect(dialog.getByRole("list", { name: /keeps/ })).toContainText(colleagues[0].name);
  await answer(page, "No");
});

test.describe("what is gone", () => {
  // The page learns that the package is gone by asking for it once more; the browser itself notes that on its console.
  test.use({ expectedErrors: [/status of 404/] });

  test("F041 F042 a package is ended with all its assignments, in one action, to its visible end", async ({ signedIn, server }) => {
    const office = await Office.open(server);
    const id = await office.package({ name: "Old ferry", group: "Old ferry crews" });
    for (const person of [plainUser, colleagues[1]]) await request(server, person, id);
    await settled(server);
    const page = await signedIn(admin1);
    await page.goto(`/admin/packages/${id}`);
    await alive(page);
    await expect(page.getByRole("button", { name: "Delete", exact: true })).toHaveAttribute("aria-disabled", "true");
    await page.getByRole("button", { name: "End all assignments and delete" }).click();
    const dialog = page.getByRole("dialog", { name: "End all assignments and delete" });
    await expect(dialog).toContainText("2 people lose Old ferry");
    await expect(dialog).toContainText("2 people lose Member of Old ferry crews");
    await answer(page, "Yes");
    await expectNotice(page, "Old ferry was deleted");
    await expect(page).toHaveURL("/admin/packages");
    await expect(page.getByRole("row").filter({ hasText: "Old ferry" })).toHaveCount(0);
  });
});

test("F066 editing a policy asks first where somebody can no longer request", async ({ signedIn, server }) => {
  const office = await Office.open(server);
  const id = await office.package({ name: "Rowing club", group: "Rowers" });
  const page = await signedIn(admin1);
  await page.goto(`/admin/packages/${id}/policies`);
  await alive(page);
  await rowAction(page, "Initial Policy", "Edit");
  await page.getByRole("radio", { name: "None (administrator direct assignments only)" }).check();
  await page.getByRole("button", { name: "Update" }).click();
  const dialog = page.getByRole("dialog", { name: "Update this policy?" });
  await expect(dialog).toContainText(/people can no longer request Rowing club/);
  await answer(page, "Yes");
  await expectNotice(page, "Initial Policy was saved");
});
