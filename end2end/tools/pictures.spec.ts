// Not a test: takes the pictures of the README from the running product, light and dark. Run by `make screenshots`.
import { resolve } from "node:path";
import { alive, expect, menu, row, test } from "../fixtures/base";
import { Office, request, stage } from "../fixtures/actions";
import { admin1, colleagues, plainUser } from "../fixtures/people";

test.use({ scenario: "pictures", viewport: { width: 1280, height: 800 } });

const folder = resolve(import.meta.dirname, "../../docs/images");

test("pictures of both sites", async ({ signedIn, server }) => {
  test.setTimeout(180_000);
  const office = await Office.open(server);
  const plan = { name: "Marketing Campaign", description: "Access to resources for the campaign", group: "Marketing resources", days: 30 };
  await request(server, plainUser, await office.package(plan), "I am working on the new marketing campaign");
  const [first, second, asker] = colleagues;
  const users = [await office.user(first), await office.user(second)];
  const decided = await office.package({
    name: "Regional budget",
    description: "Figures of the region, for those who plan with them",
    group: "Budget readers",
    days: 90,
    requests: { approval: true, justification: true, stages: [stage([users[0]]), stage([users[1]])] },
    lifecycle: { custom_schedule: true },
  });
  const waiting = await request(server, plainUser, decided, "I plan the spring campaign and need its figures");
  await request(server, asker, decided, "I close the books of the quarter");
  const approver = await signedIn(first);
  const admin = await signedIn(admin1);
  const own = await signedIn(plainUser);
  for (const colorScheme of ["light", "dark"] as const) {
    const take = async (page: typeof admin, name: string) => {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await alive(page);
      await page.screenshot({ path: `${folder}/${name}-${colorScheme}.png` });
    };
    await admin.goto("/admin");
    await menu(admin, "Access packages");
    await take(admin, "admin-packages");
    await row(admin, "Marketing Campaign").getByRole("link", { name: "Marketing Campaign" }).click();
    await expect(admin.getByRole("heading", { level: 1 })).toBeVisible();
    await take(admin, "admin-package");
    await admin.goto("/admin");
    await menu(admin, "Access packages");
    await admin.getByRole("link", { name: "New access package" }).click();
    await take(admin, "admin-wizard");
    await own.goto("/my-access");
    await take(own, "my-access");
    await menu(own, "Request history");
    await take(own, "my-access-history");
    await own.goto(`/my-access/requests/${waiting}`);
    await expect(own.getByRole("dialog")).toContainText("Regional budget");
    await take(own, "my-access-request");
    await own.goto("/my-access/overview");
    await take(own, "my-access-overview");
    await approver.goto(`/my-access/approvals/${waiting}`);
    await expect(approver.getByRole("dialog")).toContainText("Regional budget");
    await take(approver, "my-access-approvals");
    await admin.goto(`/admin/packages/${decided}/policies`);
    await row(admin, "Initial Policy").getByRole("link", { name: "Initial Policy" }).click();
    await expect(admin.getByRole("dialog")).toContainText("Stage 2");
    await take(admin, "admin-policy");
  }
});
