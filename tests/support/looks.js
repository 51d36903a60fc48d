// How text looks on a page, so that its contrast is worked out once for each look and not on every page anew.
// What axe makes of a text's contrast follows from what `lookOf` gathers; a look is known once axe has judged it.
(() => {
  "use strict";

  const CLEAR = "rgba(0, 0, 0, 0)";
  const SAMPLES = 3;

  function groundOf(element, grounds) {
    if (!element) return "";
    if (!grounds.has(element)) {
      const style = getComputedStyle(element);
      const own = [
        style.backgroundColor === CLEAR ? "" : style.backgroundColor,
        style.backgroundImage === "none" ? "" : style.backgroundImage,
        style.opacity === "1" ? "" : `opacity ${style.opacity}`,
        // What is taken out of the flow may lie over something else.
        style.position === "static" ? "" : `${style.position} ${element.className}`,
      ];
      grounds.set(element, `${groundOf(element.parentElement, grounds)}${own.join("")}/`.replace(/\/+$/, "/"));
    }
    return grounds.get(element);
  }

  const isOff = (element) => Boolean(element.closest(":disabled, [aria-disabled]") || element.control?.disabled);

  function lookOf(element, grounds) {
    const style = getComputedStyle(element);
    return [
      style.color, style.fontSize, style.fontWeight, style.textDecorationLine, style.textShadow,
      element.tagName === "A", isOff(element), groundOf(element, grounds),
    ].join("|");
  }

  function isSeen(element) {
    const box = element.getBoundingClientRect();
    const isThere = box.width > 1 && box.height > 1 && box.right > 0 && box.bottom + window.scrollY > 0;
    return isThere && element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  }

  const hasWords = (element) =>
    // A form may have a field that is called "matches".
    Element.prototype.matches.call(element, "input, select, textarea") ||
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());

  // The first few elements of every look that is not among the known ones.
  function newLooks(known) {
    const grounds = new Map();
    const found = new Map();
    for (const element of document.body.querySelectorAll("*")) {
      if (Element.prototype.closest.call(element, "svg") || !hasWords(element) || !isSeen(element)) continue;
      const look = lookOf(element, grounds);
      if (known.has(look)) continue;
      if (!found.has(look)) found.set(look, []);
      if (found.get(look).length < SAMPLES) found.get(look).push(element);
    }
    return found;
  }

  // Has axe judge what is new; gives the violations and the looks that are known from now on.
  window.judgeLooks = async (known, rules) => {
    const found = newLooks(new Set(known));
    if (!found.size) return { violations: [], judged: [] };
    const result = await axe.run([...found.values()].flat(), { runOnly: rules, elementRef: true });
    const judged = new Set(
      [...result.passes, ...result.violations].flatMap((rule) => rule.nodes.map((node) => node.element)),
    );
    const isJudged = ([, elements]) => elements.some((element) => judged.has(element));
    return {
      violations: result.violations.map(({ id, help, nodes }) => ({
        id, help, nodes: nodes.map(({ target, html }) => ({ target, html })),
      })),
      judged: [...found].filter(isJudged).map(([look]) => look),
    };
  };
})();
