// Checks a program in a worker of the browser: Brython runs the rules of examples/_checker.
// It is sent a program, and sends back a list of [line, rule, what will happen, page].
__BRYTHON__ = { brython_path: "file:///" } // by itself, it finds none in a worker of the offline copy
importScripts("python/brython.js", "python/modules.js")
__BRYTHON__.runPythonSource('import checker\nfrom browser import self as page\npage.check = checker.check', {name: 'page'})
onmessage = ({data}) => postMessage(self.check(data).map(found => [...found]))
postMessage('ready')
