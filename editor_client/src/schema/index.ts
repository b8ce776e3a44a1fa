/** All nodes and marks of a draft's body, in one list: the schema, and nothing else. */
import { Bold } from "@tiptap/extension-bold";
import { Italic } from "@tiptap/extension-italic";
import { Strike } from "@tiptap/extension-strike";
import { Subscript } from "@tiptap/extension-subscript";
import { Superscript } from "@tiptap/extension-superscript";
import { Underline } from "@tiptap/extension-underline";
import {
  Document,
  DraftBulletList,
  DraftListItem,
  DraftOrderedList,
  HardBreak,
  HorizontalRule,
  Image,
  PageBreak,
  Paragraph,
  Text,
} from "./blocks";
import { Link } from "./link";
import { Deletion, Formatting, Insertion } from "./suggestions";
import { DraftTable, DraftTableCell, DraftTableHeader, DraftTableRow } from "./tables";

/** The version written in the draft; the server refuses a tab with an older one. */
export const SCHEMA_VERSION = 4;

export const schemaExtensions = [
  Document,
  Paragraph,
  Text,
  HardBreak,
  DraftBulletList,
  DraftOrderedList,
  DraftListItem,
  DraftTable,
  DraftTableRow,
  DraftTableHeader,
  DraftTableCell,
  Image,
  PageBreak,
  HorizontalRule,
  Insertion,
  Deletion,
  Formatting,
  Link,
  Bold,
  Italic,
  Underline,
  Strike,
  Subscript,
  Superscript,
];
