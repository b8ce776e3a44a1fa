/**
 * The parts of an official document around its body, laid out as Decree 30/2020 and
 * edited in place, with the words of the norm that the draft follows (boot). What is
 * printed is Vietnamese whatever the language of the screen.
 *
 * Must never create a shared text (see slot.ts) nor write anything on its own.
 */
import type { Map as YMap } from "yjs";
import type { Boot } from "../collab/types";
import type { Translate, Word } from "../i18n";
import { h } from "../ui/dom";
import type { ChoiceSlot } from "./choices";
import { choiceSlot } from "./choices";
import { dateField, writeOut } from "./dateField";
import { formLines } from "./formLines";
import type { Head } from "./forms";
import { formOf } from "./forms";
import type { TextField } from "./names";
import { normOf } from "./names";
import type { Scalars } from "./scalars";
import type { FieldSlot, FieldSlotOptions } from "./slot";
import { fieldSlot } from "./slot";

const STAMPS: Record<string, string> = {
  urgent: "KHẨN",
  very_urgent: "THƯỢNG KHẨN",
  flash: "HỎA TỐC",
};
/** Parts that only some types have, and what a screen reader calls them. */
const PARTS: readonly (readonly [name: TextField, label: Word, hint: string])[] = [
  ["invitees", "fieldInvitees", "…"],
  ["event", "fieldEvent", "…"],
  ["chair", "fieldChair", "…"],
  ["secretary", "fieldSecretary", "…"],
  ["attendance", "fieldAttendance", "…"],
  ["starts_at", "fieldStartsAt", "… giờ … phút, ngày … tháng … năm …"],
  ["ends_at", "fieldEndsAt", "… giờ … phút, ngày … tháng … năm …"],
  ["venue", "fieldVenue", "…"],
  ["bearer", "fieldBearer", "…"],
  ["bearer_position", "fieldBearerPosition", "…"],
  ["sent_to", "fieldSentTo", "…"],
  ["purpose", "fieldPurpose", "…"],
  ["valid_until", "fieldValidUntil", "… tháng … năm …"],
  ["leave_request", "fieldLeaveRequest", "ngày … tháng … năm … của ông (bà) …"],
  ["leave_period", "fieldLeavePeriod", "… kể từ ngày … đến hết ngày …"],
  ["leave_place", "fieldLeavePlace", "…"],
];

/** How wide these words are in the face of the page: enough to leave them their room. */
function emsOf(words: string): number {
  const widths = [...words].map((sign) => (/[ /.,ilj]/.test(sign) ? 0.27 : sign === sign.toLowerCase() ? 0.47 : 0.72));
  return widths.reduce((sum, width) => sum + width, 0);
}

export interface Letterhead {
  readonly head: HTMLElement;
  readonly foot: HTMLElement;
  readonly slots: readonly FieldSlot[];
  readonly choices: readonly ChoiceSlot[];
  setWritable(isWritable: boolean): void;
  destroy(): void;
}

export function letterhead(
  fields: YMap<unknown>,
  scalars: Scalars,
  law: Pick<Boot, "forms" | "heads" | "zeros">,
  t: Translate,
): Letterhead {
  const slots = new Map<TextField, FieldSlot>();
  const make = (name: TextField, label: Word, placeholder: string, more: Partial<FieldSlotOptions>) => {
    const made = fieldSlot(fields, name, { label: t(label), placeholder, ...more });
    slots.set(name, made);
    return made.element;
  };
  const slot = (
    name: TextField,
    label: Word,
    hint: Word,
    more: Partial<FieldSlotOptions> = {},
  ): HTMLElement => make(name, label, t(hint), more);
  const slotOf = (name: TextField): FieldSlot => {
    const made = slots.get(name);
    if (!made) throw new Error(`the letterhead has no field ${name}`);
    return made;
  };
  const before = formLines(slotOf);
  const after = formLines(slotOf);
  // The first calls come while the parts are still being made.
  let isBuilt = false;
  const refreshLines = () => {
    if (!isBuilt) return;
    before.refresh();
    after.refresh();
  };
  for (const [name, label, hint] of PARTS) make(name, label, hint, { onChange: refreshLines });

  const number = h("span", { class: "ed-number", "data-place": "number", title: t("fieldNumber") });
  const subject = slot("subject", "fieldSubject", "hintSubject");
  const letterSubject = h("div", { class: "ed-letter-subject" });
  const namedSubject = h("div", { class: "ed-named-subject" });
  const typeName = h("div", { class: "ed-type-name" });
  const named = h("div", { class: "ed-named" }, typeName, namedSubject, h("hr", { class: "ed-rule" }));
  const stamp = h("div", { class: "ed-stamp" });
  const date = dateField(scalars, {
    name: "date",
    label: t("date"),
    write: (iso) => writeOut(iso, law.zeros[normOf(scalars.get("rule_kind"))]),
    empty: "ngày      tháng      năm         ",
  });

  const choices = { number: choiceSlot("number", number), date: choiceSlot("date", date.element) };

  let hasAddressees = false;
  const addresseesElement = slot("addressees", "fieldAddressees", "hintAddressees", {
    multiline: true,
    onChange: (text) => {
      hasAddressees = text.trim() !== "";
      if (isBuilt) arrange();
    },
  });
  const greeting = h("span");
  const dispatcher = h(
    "span",
    { class: "ed-dispatcher" },
    slot("dispatcher", "fieldDispatcher", "hintDispatcher", { isInline: true }),
    h("span", {}, " điện:"),
  );
  const addressees = h(
    "div",
    { class: "ed-addressees" },
    h("span", { class: "ed-addressees-title" }, greeting, dispatcher),
    addresseesElement,
  );
  let hasAuthority = false;
  const enacting = h(
    "div",
    { class: "ed-enacting" },
    slot("enacting_authority", "fieldEnactingAuthority", "hintEnactingAuthority", {
      multiline: true,
      onChange: (text) => {
        hasAuthority = text.trim() !== "";
        if (isBuilt) arrange();
      },
    }),
  );

  const [rule, mark] = [h("hr", { class: "ed-rule" }), h("div", { class: "ed-mark" })];
  const [country, motto] = [h("div", { class: "ed-country" }), h("div", { class: "ed-motto" })];
  const [beforeNumber, afterNumber] = [h("span"), h("span")];
  const recipientsTitle = h("div", { class: "ed-recipients-title" });

  let issuerText = "";
  const dateLine = h(
    "div",
    { class: "ed-head-date" },
    slot("place", "fieldPlace", "hintPlace", { isInline: true }),
    h("span", {}, ", "),
    choices.date.element,
  );
  const head = h(
    "div",
    { class: "ed-head" },
    h(
      "div",
      { class: "ed-head-left" },
      slot("issuer_parent", "fieldIssuerParent", "hintIssuerParent"),
      slot("issuer", "fieldIssuer", "hintIssuer", {
        onChange: (text) => {
          issuerText = text.trim();
          if (isBuilt) arrange();
          refreshLines();
        },
      }),
      rule,
      mark,
    ),
    h("div", { class: "ed-head-right" }, country, motto),
    h(
      "div",
      { class: "ed-head-number" },
      h(
        "div",
        { class: "ed-number-line" },
        beforeNumber,
        choices.number.element,
        afterNumber,
        slot("notation", "fieldNotation", "hintNotation", { isInline: true }),
      ),
      letterSubject,
      stamp,
    ),
    dateLine,
  );
  const handling = h("div", { class: "ed-handling" }, slot("handling", "fieldHandling", "hintHandling"));

  const recipients = h(
    "div",
    { class: "ed-recipients" },
    recipientsTitle,
    slot("recipients", "fieldRecipients", "hintRecipients", { multiline: true }),
    slot("typist", "fieldTypist", "hintTypist"),
  );
  const signature = h(
    "div",
    { class: "ed-signature", id: "ed-signature" },
    slot("signer_authority", "fieldSignerAuthority", "hintSignerAuthority", { multiline: true }),
    slot("signer_position", "fieldSignerPosition", "hintSignerPosition"),
    h("div", { class: "ed-signature-space" }),
    slot("signer_name", "fieldSignerName", "hintSignerName"),
  );
  const second = h(
    "div",
    { class: "ed-signature ed-second" },
    slot("second_position", "fieldSecondPosition", "hintSignerPosition"),
    h("div", { class: "ed-signature-space" }),
    slot("second_name", "fieldSecondName", "hintSignerName"),
  );
  const signing = h("div", { class: "ed-foot" });
  const contact = h(
    "div",
    { class: "ed-contact" },
    slot("contact", "fieldContact", "hintContact", { multiline: true }),
  );
  const foot = h("div", { class: "ed-below" }, after.element, signing, contact);

  /** What the norm prints and nobody types. */
  function words(head: Head): void {
    [country.textContent, motto.textContent] = [head.right[0] ?? "", head.right[1] ?? ""];
    motto.hidden = !head.right[1];
    [beforeNumber.textContent, afterNumber.textContent] = head.number;
    rule.hidden = head.mark !== "rule";
    mark.hidden = head.mark === "rule";
    mark.textContent = mark.hidden ? "" : head.mark;
    greeting.textContent = head.addressees;
    recipientsTitle.textContent = head.recipients;
    letterSubject.style.setProperty("--ed-subject-prefix", `"${head.subject}"`);
    letterSubject.style.setProperty("--ed-subject-indent", `${emsOf(head.subject) + 0.28}em`);
  }

  function arrange(): void {
    words(law.heads[normOf(scalars.get("rule_kind"))]);
    const form = formOf(law.forms, scalars.get("rule_kind"), scalars.get("document_type"));
    const isLetter = form.subject === "letter";
    const home = isLetter ? letterSubject : namedSubject;
    // Moving the field would take the focus from someone who types in it.
    if (subject.parentElement !== home) {
      home.replaceChildren(subject);
    }
    letterSubject.hidden = !isLetter;
    named.hidden = isLetter;
    typeName.hidden = !form.name_line;
    typeName.textContent = form.name.toLocaleUpperCase("vi");
    namedSubject.hidden = form.subject === "none" && !slotOf("subject").shown();
    enacting.hidden = form.enacts === "" && !hasAuthority;
    const dispatches = form.addressees === "dispatch";
    addressees.hidden = form.addressees === "none" && !hasAddressees;
    addressees.classList.toggle("is-dispatch", dispatches);
    greeting.hidden = dispatches;
    dispatcher.hidden = !dispatches;
    slotOf("dispatcher").setDefault(issuerText);
    dateLine.hidden = !form.place_date;
    before.arrange(form.lines_before);
    after.arrange(form.lines_after);
    const order = form.signatures === 2 ? [second, signature, recipients] : [recipients, signature];
    if (signing.childElementCount !== order.length) signing.replaceChildren(...order);
    signing.classList.toggle("is-two", form.signatures === 2);
    slotOf("second_position").setDefault(form.second_position);
    const urgency = STAMPS[scalars.get("urgency")];
    stamp.hidden = !urgency;
    stamp.textContent = urgency ?? "";
    stamp.dataset["urgency"] = scalars.get("urgency");
    const given = scalars.get("number");
    number.textContent = given;
    number.classList.toggle("is-empty", given === "");
  }
  isBuilt = true;
  const stopWatching = scalars.watch(["document_type", "rule_kind", "urgency", "number"], arrange);
  const top = h(
    "div",
    { class: "ed-letterhead" },
    head,
    handling,
    named,
    enacting,
    addressees,
    before.element,
  );

  return {
    head: top,
    foot,
    slots: [...slots.values()],
    choices: Object.values(choices),
    setWritable(isWritable) {
      for (const each of slots.values()) each.setWritable(isWritable);
      date.setWritable(isWritable);
      foot.classList.toggle("is-read-only", !isWritable);
      top.classList.toggle("is-read-only", !isWritable);
    },
    destroy() {
      stopWatching();
      date.destroy();
      for (const each of slots.values()) each.destroy();
    },
  };
}
