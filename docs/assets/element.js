// Makes an element of a page, for the scripts that show answers.

export function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties)
  made.append(...children) // text stays text
  return made
}
