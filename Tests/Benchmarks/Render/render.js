// SPDX-License-Identifier: Apache-2.0
//
// render.js TEMPLATE CONTEXT COUNT RESULT: what bio-render does, with Handlebars.

const fs = require('fs');
const Handlebars = require('/usr/share/nodejs/handlebars');
Handlebars.registerHelper('toUppercase', text => text.toUpperCase());
Handlebars.registerHelper('strJoin', (list, separator) => list.join(separator));
Handlebars.registerHelper('eachAlive', function (members, options) {
  return members.filter(member => member.alive)
    .map(member => options.fn(this, {data: options.data, blockParams: [member]})).join('');
});

const [templatePath, contextPath, count, resultPath] = process.argv.slice(2);
const source = fs.readFileSync(templatePath, 'utf8');
const context = JSON.parse(fs.readFileSync(contextPath, 'utf8'));
const times = [];
let text = '';
let start = process.hrtime.bigint();
const template = Handlebars.template(eval('(' + Handlebars.precompile(source, {noEscape: true}) + ')'));
const reading = Number(process.hrtime.bigint() - start) / 1000;
for (let number = 0; number < Number(count); number++) {
  start = process.hrtime.bigint();
  text = template(context);
  times.push(Number(process.hrtime.bigint() - start) / 1000);
}
fs.writeFileSync(resultPath, text);
const sorted = [...times].sort((a, b) => a - b);
console.log(reading, times[0], sorted[Math.floor(sorted.length / 2)], sorted[0]);
