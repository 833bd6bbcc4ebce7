// One long story in three stages: a question, a period that is asked for, a delegate, alternates who are asked after some days, an extension,
// and the mails of all of it.
import type { Page } from "@playwright/test";
import { Office, settled, stage } from "../fixtures/actions";
import { alive, expect, field, row, test } from "../fixtures/base";
import { admin1, colleagues, plainUser } from "../fixtures/people";
import { inDays } from "../fixtures/server";

test.use({ scenario: "story" });

const [first, standIn, second, alternate, third] = colleagues;
const PACKAGE = "Expedition ship";
const pane = (page: Page) => page.getByRole("dialog", { name: "Request to decide" });

/** A day as a date field has it, with its time. */
const typed = (at: Date) => {
  const two = (number: number) => String(number).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T12:00`;
};

async function approve(page: Page, reason: string, seen: string[] = []): Promise<void> {
  await page.goto("/my-access/approvals");
  await alive(page);
  await row(page, PACKAGE).getByRole("link").first().click();
  for (const text of seen) await expect(pane(page)).toContainText(text);
  await field(pane(page), "Reason").fill(reason);
  await pane(page).getByRole("button", { name: "Approve", exact: true }).click();
  await expect(pane(page)).toContainText(reason);
}

test("F079 F082 F083 F088 F099 F105 F109 F115 F147 F164 three stages, a delegate, a forward, a period, an extension and their mails", async ({ signedIn, server }) => {
  test.setTimeout(180_000);
  const office = await Office.open(server);
  const users = await Promise.all([first, second, alternate, third].map((person) => office.user(person)));
  const question = { text: "Which cabin?", kind: "multiple_choice", required: true, choices: "Port\nStarboard" };
  const forwarding = { forward: true, forward_days: "4", alternates: { kind: "specific", people: [{ kind: "user", id: users[2] }] } };
  await office.package({
    name: PACKAGE,
    group: PACKAGE,
    days: 60,
    requests: {
      approval: true,
      justification: true,
      questions: [question],
      stages: [stage([users[0]]), stage([users[1]], forwarding), stage([users[3]], { justification: true })],
    },
    lifecycle: { custom_schedule: true, extension: true, extension_approval: true },
  });
  const mails = async (to: string, subject: RegExp) => {
    const found = () => server.mails().filter((mail) => mail.to.includes(to) && subject.test(mail.subject)).length;
    await expect.poll(found, { message: `${subject} to ${to}` }).toBe(1);
  };

  // The first approver is away, and somebody stands in.
  const away = await signedIn(first);
  await away.goto("/my-access/approvals");
  await alive(away);
  await away.getByRole("link", { name: "Delegate approvals" }).click();
  const delegation = away.getByRole("dialog", { name: "Delegate approvals" });
  await field(delegation, "Delegate").fill(standIn.userName);
  await delegation.getByRole("button", { name: "Save" }).click();
  await expect(delegation).toContainText("Active");

  // Asked for with an answer, a reason and an end date; before that, whether it would work.
  const own = await signedIn(plainUser);
  await own.goto("/my-access");
  await alive(own);
  await row(own, PACKAGE).getByRole("radio").check();
  await own.getByRole("button", { name: "Request access" }).click();
  const form = own.getByRole("dialog", { name: "Request access" });
  await form.getByLabel("Business justification").fill("To map the coast");
  await form.getByRole("button", { name: "Would this work?" }).click();
  await expect(form).toContainText("An answer is required.");
  await form.getByText("Starboard", { exact: true }).click();
  await form.getByRole("group", { name: "Request for specific period?" }).getByRole("radio", { name: "Yes", exact: true }).check();
  await form.getByLabel("End date").fill(typed(inDays(40)));
  await form.getByRole("button", { name: "Would this work?" }).click();
  await expect(form).toContainText("Yes, if it is approved.");
  await expect(form).toContainText(first.name);
  await form.getByRole("button", { name: "Submit" }).click();
  await expect(form).toBeHidden();

  // Stage 1: the delegate, by the mail that came and in the place of who is away.
  await mails(standIn.userName, /delegated approvals to you/);
  await mails(standIn.userName, /^Action required: Approve or deny request by/);
  await approve(await signedIn(standIn), "I have seen the plan", ["To map the coast", "Starboard", `In place of`, first.name]);
  await mails(first.userName, /^Request approved for Alex Wilber/);
  await mails(plainUser.userName, /^A delegate decided on your request/);

  // Stage 2: nobody decides for four days, so an alternate is asked as well.
  await mails(second.userName, /^Action required: Approve or deny the request by .* for Alex Wilber/);
  server.tick(inDays(4.1));
  await approve(await signedIn(alternate), "Nobody else was there", ["I have seen the plan"]);
  await mails(second.userName, /^Request approved for Alex Wilber/);

  // Stage 3, which wants a reason.
  await mails(third.userName, /^Action required: Approve or deny request by/);
  await approve(await signedIn(third), "The ship sails", ["Nobody else was there"]);
  await settled(server);
  await mails(plainUser.userName, /^You now have access to Expedition ship/);
  await own.goto("/my-access/requests");
  await alive(own);
  await row(own, PACKAGE).getByRole("link").first().click();
  const history = own.getByRole("dialog", { name: "Request details" });
  for (const said of ["Delivered", "I have seen the plan", "Nobody else was there", "The ship sails", "Starboard"]) await expect(history).toContainText(said);

  // More time: all three stages again, and the first approver is back.
  await own.goto("/my-access?tab=active");
  await alive(own);
  await row(own, PACKAGE).getByRole("link", { name: /^Extend/ }).click();
  const more = own.getByRole("dialog", { name: "Extend access" });
  await expect(more).toContainText("Somebody has to approve this.");
  await more.getByLabel("Business justification").fill("The ice holds us");
  await more.getByRole("button", { name: "Submit" }).click();
  await expect(more).toBeHidden();
  await approve(away, "Let them stay", ["The ice holds us"]);
  await approve(await signedIn(second), "Agreed");
  await approve(await signedIn(third), "Food is on board");
  await settled(server);
  await own.goto("/my-access/requests");
  await expect(row(own, PACKAGE)).toHaveCount(2);
  await expect(row(own, PACKAGE).first()).toContainText("Delivered");

  // The administrator sees one assignment, with the longer end, and everything agrees.
  const admin = await signedIn(admin1);
  await admin.goto("/admin/packages");
  await row(admin, PACKAGE).getByRole("link", { name: PACKAGE }).click();
  await admin.getByRole("main").getByRole("navigation").getByRole("link", { name: "Requests", exact: true }).click();
  await expect(row(admin, plainUser.name)).toHaveCount(2);
  expect(server.check().faults).toEqual([]);
  server.tick(inDays(62));
  await own.goto("/my-access?tab=expired");
  await expect(row(own, PACKAGE)).toBeVisible();
});
