import { describe, expect, it } from "vitest";
import { cleanHtml } from "./clean";

const OWN = "/api/v1/drafts/0190a7b4-0000-7000-8000-000000000000/images";
const clean = (html: string) => cleanHtml(html, OWN);
const inner = (html: string) => clean(html).document.body.innerHTML.replace(/\s*\n\s*/g, "").trim();

describe("cleaning what Word puts on the clipboard", () => {
  it("drops classes, fonts, conditional comments and Office elements", () => {
    const html = `<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal{}</style></head>
      <body lang=VI><!--StartFragment--><p class=MsoNormal style='margin:0;font-family:".VnTime"'><b><span
      style='font-size:14.0pt;font-family:"Times New Roman"'>Điều hành</span></b><!--[if gte mso 9]><xml>x</xml><![endif]--><o:p></o:p></p><!--EndFragment--></body></html>`;
    expect(inner(html)).toBe("<p><b><span>Điều hành</span></b></p>");
  });

  it("keeps bold, italic, underline and alignment that styles carry", () => {
    const html = `<p align=center style='text-align:center'><span style='font-weight:700;font-style:italic;color:red'>A</span><u>B</u></p>`;
    expect(inner(html)).toBe(
      '<p data-align="center"><span style="font-weight:700;font-style:italic">A</span><u>B</u></p>',
    );
  });

  it("makes real lists of Word's drawn ones, nested by level", () => {
    const item = (level: number, marker: string, text: string) =>
      `<p class=MsoListParagraph style='mso-list:l0 level${level} lfo1'><![if !supportLists]><span style='mso-list:Ignore'>${marker}<span>&nbsp; </span></span><![endif]>${text}</p>`;
    const html = item(1, "-", "Một") + item(2, "+", "Một rưỡi") + item(1, "-", "Hai") + "<p>Hết</p>";
    expect(inner(html)).toBe(
      "<ul><li><p>Một</p><ul><li><p>Một rưỡi</p></li></ul></li><li><p>Hai</p></li></ul><p>Hết</p>",
    );
  });

  it("starts a numbered list where Word's starts, and gives điểm their style", () => {
    const item = (marker: string, text: string) =>
      `<p style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>${marker}</span>${text}</p>`;
    expect(inner(item("3.", "Ba") + item("4.", "Bốn"))).toBe('<ol start="3"><li><p>Ba</p></li><li><p>Bốn</p></li></ol>');
    expect(inner(item("đ)", "Năm"))).toBe('<p data-style="point">Năm</p>');
    expect(inner(item("Điều 1.", "Phạm vi") + item("1.", "Một"))).toBe(
      '<p data-style="article">Phạm vi</p><p data-style="clause">Một</p>',
    );
  });

  it("keeps tables with their spans and scales wide columns to the page", () => {
    const html = `<table width=900><tr><td width=450 class=x>A</td><td width=450>B</td></tr><tr><td colspan=2 style='width:900px'>C</td></tr></table>`;
    const page = clean(html).document;
    expect(page.querySelector("td")?.getAttribute("colwidth")).toBe("312,312".split(",")[0]);
    expect(page.querySelector("td[colspan]")?.getAttribute("colwidth")).toBe("312,312");
    expect(page.querySelector("td")?.hasAttribute("class")).toBe(false);
  });

  it("writes NFC and plain spaces", () => {
    expect(inner(`<p>${"Uỷ ban nhân dân".normalize("NFD")}&nbsp;tỉnh</p>`)).toBe("<p>Uỷ ban nhân dân tỉnh</p>".normalize("NFC"));
  });
});

describe("what may not come in", () => {
  it("drops scripts, frames, forms and handlers", () => {
    const html = `<p onclick="x()">a<script>x()</script><iframe src=x></iframe></p><form><input value=1></form><svg><a href=x></a></svg>`;
    expect(inner(html)).toBe("<p>a</p><form></form>".replace("<form></form>", ""));
  });

  it("leaves out images of other hosts and of the disk, and counts them", () => {
    const result = clean(`<p>a<img src="https://x.vn/a.png"><img src="file:///C:/a.png"></p>`);
    expect(result.droppedImages).toBe(2);
    expect(result.document.querySelector("img")).toBeNull();
  });

  it("hands over base64 images and those of other drafts to be uploaded", () => {
    const digest = "a".repeat(64);
    const other = `/api/v1/drafts/0190a7b4-0000-7000-8000-000000000001/images/${digest}`;
    const result = clean(`<p>a</p><img src="data:image/png;base64,AAAA"><img src="${other}"><img src="${OWN}/${digest}">`);
    expect(result.images).toHaveLength(2);
    expect(result.droppedImages).toBe(0);
  });
});
