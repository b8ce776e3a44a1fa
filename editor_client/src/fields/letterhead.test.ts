import { expect, test } from "vitest";
import { Doc } from "yjs";
import type { Boot } from "../collab/types";
import { translator } from "../i18n";
import { facts } from "./facts";
import { letterhead } from "./letterhead";
import { scalarsOf } from "./scalars";

const LAW: Pick<Boot, "forms" | "heads" | "zeros"> = {
  forms: { state: { CV: { name: "Công văn", subject: "letter" } }, party: { CV: { name: "Công văn", subject: "letter" } } },
  heads: {
    state: { right: ["CỘNG HÒA", "Độc lập"], mark: "rule", number: ["Số:", "/"], subject: "V/v", addressees: "Kính gửi:", recipients: "Nơi nhận:" },
    party: { right: ["ĐẢNG"], mark: "*", number: ["Số", "-"], subject: "về việc", addressees: "Kính gửi:", recipients: "Nơi nhận:" },
  },
  zeros: {
    state: [{ from: "2020-03-05", day: 10, month: 3 }],
    party: [{ from: "2026-05-27", day: 1, month: 10 }],
  },
};

const TYPES: Boot["types"] = {
  state: [
    ["CV", "Công văn"],
    ["QĐ", "Quyết định"],
  ],
  party: [
    ["CV", "Công văn"],
    ["KL", "Kết luận"],
  ],
};

function shown() {
  const fields = new Doc().getMap<unknown>("fields");
  const scalars = scalarsOf(fields);
  scalars.set("document_type", "CV");
  scalars.set("date", "2026-07-05");
  scalars.set("deadline", "2026-08-05");
  const t = translator("vi");
  const { head } = letterhead(fields, scalars, LAW, t);
  const strip = facts(scalars, { types: TYPES, zeros: LAW.zeros }, t).element;
  const words = (root: HTMLElement, query: string) => root.querySelector<HTMLElement>(query)?.textContent;
  return {
    scalars,
    read: () => ({
      country: words(head, ".ed-country"),
      hasMotto: !head.querySelector<HTMLElement>(".ed-motto")?.hidden,
      mark: words(head, ".ed-mark"),
      number: words(head, ".ed-number-line"),
      subject: head.querySelector<HTMLElement>(".ed-letter-subject")?.style.getPropertyValue("--ed-subject-prefix"),
      date: words(head, ".ed-head-date .ed-date-words"),
      deadline: words(strip, ".ed-date-words"),
      types: [...(strip.querySelector<HTMLSelectElement>("select")?.options ?? [])].map((option) => option.value),
    }),
  };
}

test("the letterhead has the words, the zeros and the types of the norm that the draft follows", () => {
  const { scalars, read } = shown();
  expect(read()).toMatchObject({
    country: "CỘNG HÒA",
    hasMotto: true,
    mark: "",
    subject: '"V/v"',
    date: "ngày 05 tháng 7 năm 2026",
    deadline: "05/8/2026",
    types: ["CV", "QĐ"],
  });
  expect(read().number).toMatch(/^Số:\//);
  scalars.set("rule_kind", "party");
  expect(read()).toMatchObject({
    country: "ĐẢNG",
    hasMotto: false,
    mark: "*",
    subject: '"về việc"',
    date: "ngày 5 tháng 07 năm 2026",
    deadline: "5/08/2026",
    types: ["CV", "KL"],
  });
  expect(read().number).toMatch(/^Số-/);
});

test("a type that the norm does not have stays the draft's own", () => {
  const { scalars, read } = shown();
  scalars.set("rule_kind", "party");
  scalars.set("document_type", "GNP");
  expect(read().types).toEqual(["CV", "KL", "GNP"]);
});
