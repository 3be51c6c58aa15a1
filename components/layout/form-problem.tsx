import { Text } from "@mantine/core";
import { ApiError } from "@/lib/core/api";
import { reasonOf } from "./toast";

const GONE = "This has been deleted meanwhile, so nothing was saved.";

/** Why a form could not be sent, beside its button. What is about a field stands there. */
export function FormProblem({ error }: { error: Error | null }) {
  const isOfField = error instanceof ApiError && Object.keys(error.fields).length > 0;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert" style={{ overflowWrap: "anywhere" }}>
      {error === null || isOfField ? null : error instanceof ApiError && error.status === 404 ? GONE : reasonOf(error)}
    </Text>
  );
}
