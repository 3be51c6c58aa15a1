import type { UseFormReturnType } from "@mantine/form";

/** Takes the reader of a form to the first thing that is wrong. */
export const focusFirst =
  <T>(form: UseFormReturnType<T>) =>
  (errors: object): void => {
    const [first] = Object.keys(errors);
    if (first !== undefined) form.getInputNode(first)?.focus();
  };
