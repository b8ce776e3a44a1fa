/**
 * One part of the draft as one line of text, with the way back to the shared document.
 *
 * Anchors are sought in this text whether it is the body or a field, and every letter
 * knows its shared text and, in the body, its ProseMirror position. One pass over the
 * document builds it. Must never change the document.
 */
import type { AbstractType, XmlFragment } from "yjs";
import { Text as YText, XmlElement, XmlText } from "yjs";
import { type Squeezed, squeeze } from "./match";
import { srcFile } from "./pictures";

export interface Piece {
  readonly type: YText;
  /** Offset of its first letter in the flat text. */
  readonly from: number;
  readonly length: number;
  /** ProseMirror position of its first letter; in a field, 0. */
  readonly pos: number;
}

export interface Picture {
  readonly element: XmlElement;
  readonly file: string;
  readonly alt: string;
  /** Offset in the flat text at which it stands, between letters. */
  readonly at: number;
  /** ProseMirror position of its node. */
  readonly pos: number;
}

export class Flat {
  private joined: string | null = null;
  private squeezed: Squeezed | null = null;

  /** Pieces in document order; between blocks stands a line break that no piece holds. */
  constructor(
    readonly pieces: readonly Piece[],
    private readonly byType: ReadonlyMap<unknown, Piece>,
    private readonly words: () => string,
    readonly pictures: readonly Picture[] = [],
  ) {}

  get text(): string {
    return (this.joined ??= this.words());
  }

  get plain(): Squeezed {
    return (this.squeezed ??= squeeze(this.text));
  }

  /** The flat offset of a place in a shared text; null when it is not in this part. */
  offsetIn(type: AbstractType<unknown>, index: number): number | null {
    const piece = this.byType.get(type);
    return piece ? piece.from + Math.min(index, piece.length) : null;
  }

  /** The letter at `offset`, or the first one after it. */
  startAt(offset: number): { piece: Piece; index: number } | null {
    const piece = this.pieces[this.first((each) => each.from + each.length > offset)];
    return piece ? { piece, index: Math.max(0, offset - piece.from) } : null;
  }

  /** Just behind the letter before `offset`, or behind the last one before it. */
  endAt(offset: number): { piece: Piece; index: number } | null {
    for (let at = this.first((each) => each.from >= offset) - 1; at >= 0; at -= 1) {
      const piece = this.pieces[at];
      if (piece && piece.length > 0) return { piece, index: Math.min(piece.length, offset - piece.from) };
    }
    return null;
  }

  /** ProseMirror range of flat offsets; null when there is no letter between them. */
  span(from: number, to: number): { from: number; to: number } | null {
    const start = this.startAt(from);
    const end = this.endAt(to);
    if (!start || !end) return null;
    const span = { from: start.piece.pos + start.index, to: end.piece.pos + end.index };
    return span.from < span.to ? span : null;
  }

  /** Flat offsets of the letters between two ProseMirror positions. */
  between(from: number, to: number): { from: number; to: number } | null {
    const start = this.pieces[this.first((each) => each.pos + each.length > from)];
    const end = this.pieces[this.first((each) => each.pos >= to) - 1];
    if (!start || !end) return null;
    const offsets = {
      from: start.from + Math.max(0, from - start.pos),
      to: end.from + Math.min(end.length, to - end.pos),
    };
    return offsets.from < offsets.to ? offsets : null;
  }

  /** Index of the first piece that `holds`; true for all after it. */
  private first(holds: (piece: Piece) => boolean): number {
    let low = 0;
    let high = this.pieces.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const piece = this.pieces[middle];
      if (piece && holds(piece)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** `leaves`: names of the elements that ProseMirror counts as one position. */
export function flatBody(body: XmlFragment, leaves: ReadonlySet<string>): Flat {
  const pieces: Piece[] = [];
  const pictures: Picture[] = [];
  const byType = new Map<unknown, Piece>();
  /** The pieces and the breaks between them, in order. */
  const parts: (YText | string)[] = [];
  let length = 0;
  let isNewBlock = false;

  const breakLine = () => {
    parts.push("\n");
    length += 1;
  };
  const walk = (parent: XmlFragment | XmlElement, start: number): number => {
    let pos = start;
    for (const child of parent.toArray()) {
      if (child instanceof XmlText) {
        if (isNewBlock && child.length > 0) {
          if (length > 0) breakLine();
          isNewBlock = false;
        }
        const piece = { type: child, from: length, length: child.length, pos };
        pieces.push(piece);
        byType.set(child, piece);
        parts.push(child);
        length += child.length;
        pos += child.length;
      } else if (child instanceof XmlElement && leaves.has(child.nodeName)) {
        if (child.nodeName === "hardBreak") breakLine();
        if (child.nodeName === "image") pictures.push(pictureAt(child, length, pos));
        pos += 1;
      } else if (child instanceof XmlElement) {
        isNewBlock = true;
        pos = walk(child, pos + 1) + 1;
        isNewBlock = true;
      }
    }
    return pos;
  };
  walk(body, 0);
  const words = () => parts.map((each) => (typeof each === "string" ? each : lettersOf(each))).join("");
  return new Flat(pieces, byType, words, pictures);
}

function pictureAt(element: XmlElement, at: number, pos: number): Picture {
  const alt: unknown = element.getAttribute("alt");
  return { element, file: srcFile(element), alt: typeof alt === "string" ? alt : "", at, pos };
}

/** Of a field that is chosen: no letter of it is shared by itself. */
export function flatChoice(value: string): Flat {
  return new Flat([], new Map(), () => value);
}

export function flatField(text: YText): Flat {
  const piece = { type: text, from: 0, length: text.length, pos: 0 };
  return new Flat([piece], new Map([[text, piece]]), () => lettersOf(text));
}

/** XmlText prints its marks as tags; its letters alone are those of the plain text. An
 * embedded object counts as one letter, and so it stands as one here. */
function lettersOf(type: YText): string {
  const letters = YText.prototype.toString.call(type) as string;
  if (letters.length === type.length) return letters;
  return (type.toDelta() as { insert: unknown }[])
    .map(({ insert }) => (typeof insert === "string" ? insert : "\ufffc"))
    .join("");
}
