/** The kinds in which a model's text holds marks that are not part of the answer. `textual` makes a server's body of a text. */
export const markedTexts = (textual: (text: string) => string) => ({
  "thoughts in the text": textual("<think>Six sevens.</think>It is 42."),
  "thoughts in the text of which only the end is marked": textual(
    "Six sevens.</think>\n\nIt is 42.",
  ),
  "gpt-oss's channels in the text": textual(
    "<|channel|>analysis<|message|>Six sevens.<|end|><|start|>assistant<|channel|>final<|message|>It is 42.<|return|>",
  ),
  "thoughts alone": textual("<think>Six sevens."),
  "end marks in the text": textual("It is 42.<|im_end|>\n<|im_start|>user\nThanks!"),
  "a call in the text": textual(
    '<tool_call>\n{"name":"vote","arguments":{"reason":"a"}}\n</tool_call>',
  ),
  "a name before the text": textual("Parley: It is 42."),
  "code about such marks": textual("Use `<think>`:\n```\n<|im_end|></think>\n```"),
});
