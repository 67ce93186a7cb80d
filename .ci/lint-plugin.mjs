/** @file An oxlint rule: `new Date()` reads the clock, and library code gets the time as an argument. */
const noCurrentDate = {
  create: (context) => ({
    NewExpression(node) {
      if (node.callee.type === "Identifier" && node.callee.name === "Date" && node.arguments.length === 0)
        context.report({ node, message: "`new Date()` reads the clock: take the time as an argument." });
    },
  }),
};

export default { meta: { name: "sonomark" }, rules: { "no-current-date": noCurrentDate } };
