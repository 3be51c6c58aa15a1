"use client";

import { Button, Group, Progress as ProgressBar, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { EmptyState } from "@/components/layout/empty-state";
import { Section } from "@/components/layout/section";
import { type Progress, progressWords } from "@/lib/costs/price-form";
import type { PriceOverview } from "@/lib/costs/price-schema";
import { OwnPriceTable } from "./own-price-table";
import { PriceDialog, type Subject } from "./price-dialog";
import { UnpricedTable } from "./unpriced-table";
import { useRepricing } from "./use-repricing";

type Props = { project: string; canWrite: boolean; overview: PriceOverview };

/** Models without a price, what the project itself pays for models, and the dialog by which it says so. */
export function PricesSection({ project, canWrite, overview }: Props) {
  const { models, prices, price_list: list } = overview;
  const [subject, setSubject] = useState<Subject | null>(null);
  const { progress, start } = useRepricing(project);
  return (
    <Stack gap="xl">
      <Section
        title="Unpriced models"
        description="What steps of these models cost is in no sum"
        action={
          canWrite &&
          progress === null &&
          models.some(({ priceable }) => priceable) && (
            <Button variant="default" onClick={() => void start()}>
              Price steps now
            </Button>
          )
        }
      >
        <div>
          <Repricing progress={progress} />
          {models.length === 0 ? (
            <EmptyState
              title="Every model has a price"
              text="A model that is neither in the price list nor among your own prices is listed here as soon as a step names it."
            />
          ) : (
            <UnpricedTable projectId={project} models={models} onPrice={canWrite ? setSubject : null} />
          )}
        </div>
      </Section>
      <Section
        title="Own prices"
        description={`For a million tokens. They win over the price list, ${list}`}
        action={canWrite && <Button onClick={() => setSubject("")}>New price</Button>}
      >
        {prices.length === 0 ? (
          <EmptyState
            title="No own prices"
            text="Models that run in your own house, and those for which you have agreed on other prices, cost what you say here."
          />
        ) : (
          <OwnPriceTable projectId={project} prices={prices} onEdit={canWrite ? setSubject : null} />
        )}
      </Section>
      <PriceDialog
        projectId={project}
        subject={subject}
        onSet={(answer) => void start(answer)}
        onClose={() => setSubject(null)}
      />
    </Stack>
  );
}

/** How far steps have been priced; says so to those who do not see it as well. */
function Repricing({ progress }: { progress: Progress | null }) {
  return (
    <Group role="status" gap="sm" pb={progress === null ? 0 : "sm"}>
      {progress !== null && progress.total > 0 && (
        <>
          <ProgressBar value={(100 * progress.done) / progress.total} w={160} aria-label="Steps priced" />
          <Text size="sm">{progressWords(progress)}</Text>
        </>
      )}
    </Group>
  );
}
