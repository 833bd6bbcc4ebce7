// The wizard's draft is kept whatever happens to the line, and only another window counts as another window.
import { Office } from "../fixtures/actions";
import { expect, test } from "../fixtures/base";
import { admin1 } from "../fixtures/people";

test.describe("an answer that got lost", () => {
  test.use({ expectedErrors: [/Failed to load resource/] });

  test("F010 what the server kept without our knowing is not taken for another window", async ({ signedIn, server }) => {
    const { id } = await (await Office.open(server)).draft(() => ({}));
    const page = await signedIn(admin1);
    await page.goto(`/admin/packages/new/${id}/basics`);
    let lost = 0;
    await page.route("**/api/drafts/save", async (route) => {
      if (lost++ > 0) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await page.getByLabel("Name").fill("Night shift");
    await expect(page.getByText(/Connection lost/)).toBeVisible();
    await page.getByLabel("Description").fill("Keys of the night shift");
    await expect(page.getByText("Draft saved")).toBeVisible({ timeout: 15_000 });
    await expect(page.getByText(/changed in another window/)).toBeHidden();
    await page.reload();
    await expect(page.getByLabel("Name")).toHaveValue("Night shift");
    await expect(page.getByLabel("Description")).toHaveValue("Keys of the night shift");
  });
});
