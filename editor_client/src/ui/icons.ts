/** Icons of the editor, inlined at build time: only those that are used are shipped. */
import alertTriangle from "@tabler/icons/outline/alert-triangle.svg?raw";
import alignCenter from "@tabler/icons/outline/align-center.svg?raw";
import alignJustified from "@tabler/icons/outline/align-justified.svg?raw";
import alignLeft from "@tabler/icons/outline/align-left.svg?raw";
import alignRight from "@tabler/icons/outline/align-right.svg?raw";
import undo from "@tabler/icons/outline/arrow-back-up.svg?raw";
import redo from "@tabler/icons/outline/arrow-forward-up.svg?raw";
import back from "@tabler/icons/outline/arrow-left.svg?raw";
import mergeCells from "@tabler/icons/outline/arrows-join.svg?raw";
import splitCell from "@tabler/icons/outline/arrows-split.svg?raw";
import bold from "@tabler/icons/outline/bold.svg?raw";
import check from "@tabler/icons/outline/check.svg?raw";
import chevronDown from "@tabler/icons/outline/chevron-down.svg?raw";
import chevronUp from "@tabler/icons/outline/chevron-up.svg?raw";
import clear from "@tabler/icons/outline/clear-formatting.svg?raw";
import cloudCheck from "@tabler/icons/outline/cloud-check.svg?raw";
import cloudOff from "@tabler/icons/outline/cloud-off.svg?raw";
import cloudUp from "@tabler/icons/outline/cloud-up.svg?raw";
import columnAfter from "@tabler/icons/outline/column-insert-right.svg?raw";
import columnBefore from "@tabler/icons/outline/column-insert-left.svg?raw";
import columnDelete from "@tabler/icons/outline/column-remove.svg?raw";
import dots from "@tabler/icons/outline/dots.svg?raw";
import more from "@tabler/icons/outline/dots-vertical.svg?raw";
import eye from "@tabler/icons/outline/eye.svg?raw";
import docx from "@tabler/icons/outline/file-type-docx.svg?raw";
import pdf from "@tabler/icons/outline/file-type-pdf.svg?raw";
import history from "@tabler/icons/outline/history.svg?raw";
import formatCheck from "@tabler/icons/outline/text-spellcheck.svg?raw";
import process from "@tabler/icons/outline/checklist.svg?raw";
import indentLess from "@tabler/icons/outline/indent-decrease.svg?raw";
import indentMore from "@tabler/icons/outline/indent-increase.svg?raw";
import info from "@tabler/icons/outline/info-circle.svg?raw";
import italic from "@tabler/icons/outline/italic.svg?raw";
import keyboard from "@tabler/icons/outline/keyboard.svg?raw";
import link from "@tabler/icons/outline/link.svg?raw";
import list from "@tabler/icons/outline/list.svg?raw";
import listNumbers from "@tabler/icons/outline/list-numbers.svg?raw";
import lock from "@tabler/icons/outline/lock.svg?raw";
import message from "@tabler/icons/outline/message.svg?raw";
import messagePlus from "@tabler/icons/outline/message-plus.svg?raw";
import minus from "@tabler/icons/outline/minus.svg?raw";
import pageBreak from "@tabler/icons/outline/page-break.svg?raw";
import paperclip from "@tabler/icons/outline/paperclip.svg?raw";
import photo from "@tabler/icons/outline/photo.svg?raw";
import plus from "@tabler/icons/outline/plus.svg?raw";
import printer from "@tabler/icons/outline/printer.svg?raw";
import rowAfter from "@tabler/icons/outline/row-insert-bottom.svg?raw";
import rowBefore from "@tabler/icons/outline/row-insert-top.svg?raw";
import rowDelete from "@tabler/icons/outline/row-remove.svg?raw";
import search from "@tabler/icons/outline/search.svg?raw";
import rule from "@tabler/icons/outline/separator-horizontal.svg?raw";
import strike from "@tabler/icons/outline/strikethrough.svg?raw";
import subscript from "@tabler/icons/outline/subscript.svg?raw";
import superscript from "@tabler/icons/outline/superscript.svg?raw";
import table from "@tabler/icons/outline/table.svg?raw";
import suggestions from "@tabler/icons/outline/pencil-question.svg?raw";
import headerRow from "@tabler/icons/outline/table-row.svg?raw";
import trash from "@tabler/icons/outline/trash.svg?raw";
import underline from "@tabler/icons/outline/underline.svg?raw";
import share from "@tabler/icons/outline/user-plus.svg?raw";
import versions from "@tabler/icons/outline/versions.svg?raw";
import close from "@tabler/icons/outline/x.svg?raw";

const ICONS = {
  alertTriangle, alignCenter, alignJustified, alignLeft, alignRight, undo, redo, back,
  mergeCells, splitCell, bold, check, chevronDown, chevronUp, clear, cloudCheck, cloudOff,
  cloudUp, columnAfter, columnBefore, columnDelete, dots, more, eye, docx, pdf, history, versions, formatCheck, process,
  indentLess, indentMore, info, italic, keyboard, link, list, listNumbers, lock, minus, pageBreak,
  photo, plus, printer, rowAfter, rowBefore, rowDelete, search, rule, strike, subscript,
  superscript, table, headerRow, suggestions, trash, underline, share, close, message, messagePlus,
  paperclip,
} as const;

export type IconName = keyof typeof ICONS;

/** A new element each time. The markup is the build's own, never a user's. */
export function icon(name: IconName): SVGElement {
  const holder = document.createElement("template");
  holder.innerHTML = ICONS[name].replace(/<!--[\s\S]*?-->/g, "").trim();
  const svg = holder.content.firstElementChild as SVGElement;
  svg.setAttribute("class", "ed-icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  return svg;
}
