/**
 * The parts of an official document around its body, laid out as Decree 30/2020 and
 * edited in place. What is printed is Vietnamese whatever the language of the screen.
 *
 * Must never create a shared text (see slot.ts) nor write anything on its own.
 */
import type { Map as YMap } from "yjs";
import type { Translate, Word } from "../i18n";
import { h } from "../ui/dom";
import { dateField, writeOut } from "./dateField";
import type { TextField } from "./names";
import { DOCUMENT_TYPES } from "./names";
import type { Scalars } from "./scalars";
import type { FieldSlot, FieldSlotOptions } from "./slot";
import { fieldSlot } from "./slot";

const COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const MOTTO = "Độc lập - Tự do - Hạnh phúc";
const STAMPS: Record<string, string> = {
  urgent: "KHẨN",
  very_urgent: "THƯỢNG KHẨN",
  flash: "HỎA TỐC",
};
/** Types without a name line: the subject stands under the number. */
const UNNAMED = new Set(["", "CV", "ThC", "THC", "TC_THU"]);
/** Named types that are addressed to someone. */
const ADDRESSED = new Set(["TTr", "BC", "CĐ", "GM"]);

export interface Letterhead {
  readonly head: HTMLElement;
  readonly foot: HTMLElement;
  readonly slots: readonly FieldSlot[];
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export function letterhead(fields: YMap<unknown>, scalars: Scalars, t: Translate): Letterhead {
  const slots: FieldSlot[] = [];
  const slot = (
    name: TextField,
    label: Word,
    hint: Word,
    more: Partial<FieldSlotOptions> = {},
  ): HTMLElement => {
    const made = fieldSlot(fields, name, { label: t(label), placeholder: t(hint), ...more });
    slots.push(made);
    return made.element;
  };

  const number = h("span", { class: "ed-number", title: t("fieldNumber") });
  const subject = slot("subject", "fieldSubject", "hintSubject");
  const letterSubject = h("div", { class: "ed-letter-subject" });
  const namedSubject = h("div", { class: "ed-named-subject" });
  const typeName = h("div", { class: "ed-type-name" });
  const named = h("div", { class: "ed-named" }, typeName, namedSubject, h("hr", { class: "ed-rule" }));
  const stamp = h("div", { class: "ed-stamp" });
  const date = dateField(scalars, {
    name: "date",
    label: t("date"),
    write: writeOut,
    empty: "ngày      tháng      năm         ",
  });

  let hasAddressees = false;
  let isBuilt = false;
  const addresseesElement = slot("addressees", "fieldAddressees", "hintAddressees", {
    multiline: true,
    onChange: (text) => {
      hasAddressees = text.trim() !== "";
      // The first call comes while the parts are still being made.
      if (isBuilt) arrange();
    },
  });
  const addressees = h(
    "div",
    { class: "ed-addressees" },
    h("span", { class: "ed-addressees-title" }, "Kính gửi:"),
    addresseesElement,
  );

  const head = h(
    "div",
    { class: "ed-head" },
    h(
      "div",
      { class: "ed-head-left" },
      slot("issuer_parent", "fieldIssuerParent", "hintIssuerParent"),
      slot("issuer", "fieldIssuer", "hintIssuer"),
      h("hr", { class: "ed-rule" }),
    ),
    h(
      "div",
      { class: "ed-head-right" },
      h("div", { class: "ed-country" }, COUNTRY),
      h("div", { class: "ed-motto" }, MOTTO),
    ),
    h(
      "div",
      { class: "ed-head-number" },
      h(
        "div",
        { class: "ed-number-line" },
        h("span", {}, "Số:"),
        number,
        h("span", {}, "/"),
        slot("notation", "fieldNotation", "hintNotation", { isInline: true }),
      ),
      letterSubject,
      stamp,
    ),
    h(
      "div",
      { class: "ed-head-date" },
      slot("place", "fieldPlace", "hintPlace", { isInline: true }),
      h("span", {}, ", "),
      date.element,
    ),
  );

  const foot = h(
    "div",
    { class: "ed-foot" },
    h(
      "div",
      { class: "ed-recipients" },
      h("div", { class: "ed-recipients-title" }, "Nơi nhận:"),
      slot("recipients", "fieldRecipients", "hintRecipients", { multiline: true }),
      slot("typist", "fieldTypist", "hintTypist"),
    ),
    h(
      "div",
      { class: "ed-signature" },
      slot("signer_authority", "fieldSignerAuthority", "hintSignerAuthority"),
      slot("signer_position", "fieldSignerPosition", "hintSignerPosition"),
      h("div", { class: "ed-signature-space" }),
      slot("signer_name", "fieldSignerName", "hintSignerName"),
    ),
  );

  function arrange(): void {
    const type = scalars.get("document_type");
    const isNamed = !UNNAMED.has(type);
    const home = isNamed ? namedSubject : letterSubject;
    // Moving the field would take the focus from someone who types in it.
    if (subject.parentElement !== home) {
      home.replaceChildren(subject);
    }
    letterSubject.hidden = isNamed;
    named.hidden = !isNamed;
    typeName.textContent = (
      DOCUMENT_TYPES.find(([code]) => code === type)?.[1] ?? type
    ).toLocaleUpperCase("vi");
    addressees.hidden = isNamed && !ADDRESSED.has(type) && !hasAddressees;
    const urgency = STAMPS[scalars.get("urgency")];
    stamp.hidden = !urgency;
    stamp.textContent = urgency ?? "";
    stamp.dataset["urgency"] = scalars.get("urgency");
    const given = scalars.get("number");
    number.textContent = given;
    number.classList.toggle("is-empty", given === "");
  }
  isBuilt = true;
  const stopWatching = scalars.watch(["document_type", "urgency", "number"], arrange);
  const top = h("div", { class: "ed-letterhead" }, head, named, addressees);

  return {
    head: top,
    foot,
    slots,
    setWritable(isWritable) {
      for (const each of slots) each.setWritable(isWritable);
      date.setWritable(isWritable);
      foot.classList.toggle("is-read-only", !isWritable);
      top.classList.toggle("is-read-only", !isWritable);
    },
    destroy() {
      stopWatching();
      date.destroy();
      for (const each of slots) each.destroy();
    },
  };
}
