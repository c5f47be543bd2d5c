/** Marks in the section nav where the reader is. */
export function followSections(): void {
  const nav = document.querySelector(".section-nav");
  if (!nav) return;
  const links = new Map<Element, HTMLAnchorElement>();
  for (const link of nav.querySelectorAll<HTMLAnchorElement>("a[href^='#']")) {
    const section = document.getElementById(link.hash.slice(1));
    if (section) links.set(section, link);
  }
  const observer = new IntersectionObserver(
    (changes) => {
      const entered = changes.find((change) => change.isIntersecting);
      if (!entered) return;
      for (const [section, link] of links) {
        if (section === entered.target) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  for (const section of links.keys()) observer.observe(section);
}
