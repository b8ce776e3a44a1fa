/** Names of the letterhead's fields, as the server creates them (collab/content/tree.py). */

export const TEXT_FIELDS = [
  "issuer_parent",
  "issuer",
  "notation",
  "place",
  "subject",
  "addressees",
  "recipients",
  "signer_authority",
  "signer_position",
  "signer_name",
  "typist",
  "enacting_authority",
  "dispatcher",
  "invitees",
  "event",
  "chair",
  "secretary",
  "attendance",
  "starts_at",
  "ends_at",
  "venue",
  "bearer",
  "bearer_position",
  "sent_to",
  "purpose",
  "valid_until",
  "leave_request",
  "leave_period",
  "leave_place",
  "second_position",
  "second_name",
  "handling",
  "contact",
] as const;
export type TextField = (typeof TEXT_FIELDS)[number];

export const SCALAR_FIELDS = [
  "document_type",
  "date",
  "urgency",
  "deadline",
  "number",
  "rule_kind",
] as const;
export type ScalarField = (typeof SCALAR_FIELDS)[number];

export const URGENCIES = ["normal", "urgent", "very_urgent", "flash"] as const;
export type Urgency = (typeof URGENCIES)[number];

/** Codes and names of the document types of Decree 30/2020, article 7, most used first. */
export const DOCUMENT_TYPES: readonly (readonly [code: string, name: string])[] = [
  ["CV", "Công văn"],
  ["QĐ", "Quyết định"],
  ["TB", "Thông báo"],
  ["BC", "Báo cáo"],
  ["KH", "Kế hoạch"],
  ["TTr", "Tờ trình"],
  ["GM", "Giấy mời"],
  ["CT", "Chỉ thị"],
  ["NQ", "Nghị quyết"],
  ["HD", "Hướng dẫn"],
  ["BB", "Biên bản"],
  ["CTr", "Chương trình"],
  ["CĐ", "Công điện"],
  ["QC", "Quy chế"],
  ["QyĐ", "Quy định"],
  ["TC", "Thông cáo"],
  ["PA", "Phương án"],
  ["ĐA", "Đề án"],
  ["DA", "Dự án"],
  ["HĐ", "Hợp đồng"],
  ["BGN", "Bản ghi nhớ"],
  ["BTT", "Bản thỏa thuận"],
  ["GUQ", "Giấy ủy quyền"],
  ["GGT", "Giấy giới thiệu"],
  ["GNP", "Giấy nghỉ phép"],
  ["PG", "Phiếu gửi"],
  ["PC", "Phiếu chuyển"],
  ["PB", "Phiếu báo"],
  ["ThC", "Thư công"],
];

/** "2017-07-05" → { day: "05", month: "7", year: "2017" }; null for anything else.
 * Days below 10 and months 1 and 2 have a leading zero (Decree 30/2020). */
export function dateParts(iso: string): { day: string; month: string; year: string } | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(iso);
  if (!match) return null;
  const [, year = "", month = "", day = ""] = match;
  return { day, month: Number(month) < 3 ? month : String(Number(month)), year };
}
