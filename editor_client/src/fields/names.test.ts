import { describe, expect, it } from "vitest";
import { dateParts } from "./names";

const DECREE = { day: 10, month: 3 };

describe("dates of the letterhead", () => {
  it("have the zeros that the server's rules ask for", () => {
    expect(dateParts("2017-07-05", DECREE)).toEqual({ day: "05", month: "7", year: "2017" });
    expect(dateParts("2017-02-15", DECREE)).toEqual({ day: "15", month: "02", year: "2017" });
    expect(dateParts("2017-02-05", { day: 1, month: 1 })).toEqual({ day: "5", month: "2", year: "2017" });
    expect(dateParts("2017-07-05", { day: 10, month: 10 })).toEqual({ day: "05", month: "07", year: "2017" });
  });

  it("are nothing when they are no date", () => {
    expect(dateParts("5/7/2017", DECREE)).toBeNull();
  });
});
