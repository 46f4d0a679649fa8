// The respondent's pages as Lighthouse sees them on a slow tablet: node run.mjs CHROMIUM ADDRESS CODE
// Prints {page: {category: {lost: points of 100, why}}}.

import { startFlow } from "lighthouse";
import puppeteer from "puppeteer-core";

const [, , executablePath, address, code] = process.argv;
const TABLET = {
  formFactor: "mobile",
  screenEmulation: { mobile: true, width: 1024, height: 768, deviceScaleFactor: 2, disabled: false },
  throttlingMethod: "simulate", // four times as slow a processor, 150 ms, 1.6 Mbit/s: Lighthouse's own slow device
  onlyCategories: ["performance", "accessibility", "best-practices"],
};

const browser = await puppeteer.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu", "--disable-quic"] });
try {
  const page = await browser.newPage();
  const flow = await startFlow(page, { config: { extends: "lighthouse:default", settings: TABLET } });
  await flow.navigate(`${address}/s`, { name: "code page" });
  await page.type("#code", code);
  await flow.navigate(() => page.click("#start .big"), { name: "questionnaire" });
  await flow.navigate(() => page.evaluate(answerAndSend), { name: "thanks" });
  const { steps } = await flow.createFlowResult();
  const told = steps.map(({ name, lhr }) => {
    const of = ({ id, score, auditRefs }) => {
      const lost = auditRefs.map((ref) => ({ ...ref, ...lhr.audits[ref.id] }))
        .filter((audit) => audit.weight && audit.score !== null && audit.score < (id === "performance" ? .9 : 1))
        .map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`);
      return [id, { lost: 100 - Math.round(score * 100), why: lost.join("; ") }];
    };
    return [name, Object.fromEntries(Object.values(lhr.categories).map(of))];
  });
  console.log(JSON.stringify(Object.fromEntries(told)));
} finally {
  await browser.close();
}

// With an answer: who sends none is asked first whether that is meant.
function answerAndSend() {
  document.querySelector("[data-question] [type=radio]").click();
  document.getElementById("answers").submit();
}
