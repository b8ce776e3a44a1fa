import { describe, expect, it } from "vitest";
import { dateParts } from "./names";

const DECREE = [{ from: "2020-03-05", day: 10, month: 3 }];

describe("dates of the letterhead", () => {
  it("have the zeros that the server's rules ask for", () => {
    expect(dateParts("2017-07-05", DECREE)).toEqual({ day: "05", month: "7", year: "2017" });
    expect(dateParts("2017-02-15", DECREE)).toEqual({ day: "15", month: "02", year: "2017" });
    expect(dateParts("2017-02-05", [{ from: "2020-03-05", day: 1, month: 1 }])).toEqual({
      day: "5",
      month: "2",
      year: "2017",
    });
  });

  it("follow the rules of their own day", () => {
    const rules = [...DECREE, { from: "2027-01-01", day: 10, month: 10 }];
    const months = ["2017-07-05", "2026-12-31", "2027-01-01", "2027-07-05"].map((iso) => dateParts(iso, rules)?.month);
    expect(months).toEqual(["7", "12", "01", "07"]);
  });

  it("are nothing when they are no date", () => {
    expect(dateParts("5/7/2017", DECREE)).toBeNull();
  });
});
