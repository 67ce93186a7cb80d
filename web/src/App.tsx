/** @file The page: one study at a time, in three parts. */
import { createMemo, createResource, createSignal, For, Show } from "solid-js";
import { getStudies, type Study, type Studies } from "./api.ts";
import { Loaded } from "./Loaded.tsx";
import { Results } from "./results/Results.tsx";
import { Runs } from "./runs/Runs.tsx";
import { TryIt } from "./try/TryIt.tsx";

export function App() {
  const [found] = createResource(getStudies);
  const [chosen, choose] = createSignal<string>();
  const study = createMemo(() => {
    const studies = found.state === "ready" ? found().studies : [];
    return studies.find(({ runId }) => runId === chosen()) ?? studies[0];
  });
  return (
    <>
      <header class="top">
        <div class="top-row">
          <a class="wordmark" href="#top">
            sonomark
          </a>
          <nav aria-label="Parts of the page">
            <a href="#try">Try it</a>
            <a href="#results">Results</a>
            <a href="#runs">Runs</a>
          </nav>
          <Show when={study()}>{(current) => <StudyChoice studies={found()!.studies} current={current()} choose={choose} />}</Show>
        </div>
      </header>
      <main id="top">
        <h1 class="hidden">sonomark: what a self-supervised network looks at in ultrasound</h1>
        <Loaded from={found} what="the studies">
          {(all) => (
            <>
              <Show when={study()} keyed fallback={<NoStudy />}>
                {(current) => (
                  <>
                    <TryIt study={current} />
                    <Results study={current} />
                  </>
                )}
              </Show>
              <Broken studies={all().broken} />
            </>
          )}
        </Loaded>
        <Runs />
      </main>
      <footer>
        <p>Research software, not a medical device.</p>
        <p>
          <a href="/openapi.json">The API that this page uses</a>
        </p>
      </footer>
    </>
  );
}

function StudyChoice(props: { studies: Study[]; current: Study; choose: (runId: string) => void }) {
  return (
    <label class="study-choice">
      <span>Study</span>
      <select onChange={(event) => props.choose(event.currentTarget.value)}>
        <For each={props.studies}>
          {(study) => (
            <option value={study.runId} selected={study.runId === props.current.runId}>
              {study.name} ({study.runId.slice(0, 7)})
            </option>
          )}
        </For>
      </select>
    </label>
  );
}

function NoStudy() {
  return (
    <section class="empty">
      <h2>No finished study yet</h2>
      <p>
        Run one with <code>npx sonomark study experiments/demo.ts</code>, then load this page again. Its runs appear below while it works.
      </p>
    </section>
  );
}

function Broken(props: { studies: Studies["broken"] }) {
  return (
    <For each={props.studies}>
      {(study) => (
        <p class="problem" role="alert">
          Study {study.name} ({study.runId.slice(0, 7)}) is finished but cannot be shown: {study.error}
        </p>
      )}
    </For>
  );
}
