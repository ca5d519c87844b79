// Access to the page's elements. Text from other people is set only as textContent.

/**
 * The element with an id, of a type.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 * @throws {TypeError} if the page has no such element
 */
export function element(id, type) {
  return checkType(document.getElementById(id), type, `#${id}`);
}

/**
 * The first element below a parent that matches a selector, of a type.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T}
 * @throws {TypeError} if there is no such element
 */
export function child(parent, selector, type) {
  return checkType(parent.querySelector(selector), type, selector);
}

/**
 * @template {Element} T
 * @param {Element | null} found
 * @param {(new () => T) | undefined} type
 * @param {string} name
 */
function checkType(found, type, name) {
  const expected = type ?? HTMLElement;
  if (!(found instanceof expected)) {
    throw new TypeError(`The page has no ${expected.name} ${name}.`);
  }
  return /** @type {T} */ (found);
}

/**
 * Creates an element with properties and children.
 * @template {keyof HTMLElementTagNameMap} N
 * @param {N} name
 * @param {Partial<HTMLElementTagNameMap[N]>} [properties]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[N]}
 */
export function make(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/**
 * Creates a copy of the only element in a template.
 * @param {string} id
 */
export function cloneTemplate(id) {
  const { content } = element(id, HTMLTemplateElement);
  return child(document.importNode(content, true), "*");
}

/**
 * Sets a text only if it changes, so that screen readers do not repeat it.
 * @param {Element} target
 * @param {string | number} text
 */
export function setText(target, text) {
  if (target.textContent !== String(text)) {
    target.textContent = String(text);
  }
}

/**
 * Puts children in an order. Moves only those that are in another position, so that the others keep their focus.
 * @param {Element} parent
 * @param {Element[]} children
 */
export function orderChildren(parent, children) {
  children.forEach((entry, position) => {
    if (parent.children[position] !== entry) {
      parent.insertBefore(entry, parent.children[position] ?? null);
    }
  });
}

/**
 * The item of each entry that updateList created, as JSON.
 * @type {WeakMap<Element, string>}
 */
const itemOfEntry = new WeakMap();

/**
 * Shows one entry for each item. The entry of an unchanged item stays, and so does its focus or a click in progress.
 * @template T
 * @param {Element} list
 * @param {T[]} items
 * @param {(item: T) => Element} makeEntry
 */
export function updateList(list, items, makeEntry) {
  const unused = new Map([...list.children].map((entry) => [itemOfEntry.get(entry), entry]));
  const entries = items.map((item) => {
    const key = JSON.stringify(item);
    const entry = unused.get(key) ?? makeEntry(item);
    itemOfEntry.set(entry, key);
    unused.delete(key);
    return entry;
  });
  unused.forEach((entry) => entry.remove());
  orderChildren(list, entries);
}
