/** @file Try it: choose or upload an image, see the prediction and what it rests on. */
import { createMemo, createResource, createSignal, Match, Show, Switch } from "solid-js";
import { messageOf } from "../../../src/util/user-error.ts";
import { getImages, getMethods, predict, type Method, type MethodSettings, type Prediction, type Study } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { Answer } from "./Answer.tsx";
import { defaultsOf } from "./form-fields.ts";
import { HotSpots } from "./HotSpots.tsx";
import { ImagePicker } from "./ImagePicker.tsx";
import { MethodForm } from "./MethodForm.tsx";
import { Picture } from "./Picture.tsx";

export function TryIt(props: { study: Study }) {
  const [images] = createResource(() => props.study.runId, getImages);
  const [methods] = createResource(getMethods);
  return (
    <section id="try" aria-labelledby="try-heading">
      <div class="section-head">
        <h2 id="try-heading">Try it</h2>
        <p>Choose an image and see what the network answers, and where in the image the answer comes from.</p>
      </div>
      <Loaded from={methods} what="the methods">
        {(known) => (
          <Loaded from={images} what="the study's images">
            {(list) => <Bench study={props.study} methods={known()} images={list()} />}
          </Loaded>
        )}
      </Loaded>
    </section>
  );
}

function Bench(props: { study: Study; methods: Method[]; images: Awaited<ReturnType<typeof getImages>> }) {
  const [image, choose] = createSignal<string | File>();
  const [settings, setSettings] = createSignal<MethodSettings>(defaultsOf(props.methods[0].name, props.methods[0].schema));
  const [hotSpot, pointAt] = createSignal<number>();

  let running: AbortController | undefined;
  const question = createMemo(() => {
    const asked = image();
    return asked === undefined ? undefined : { study: props.study.runId, image: asked, method: settings() };
  });
  const [prediction] = createResource(question, async ({ study, image, method }): Promise<Prediction> => {
    running?.abort(); // its answer would come too late to be shown
    running = new AbortController();
    return predict(study, image, method, running.signal);
  });
  const shown = () => (prediction.state === "errored" ? undefined : prediction.latest);

  return (
    <div class="bench">
      <ImagePicker study={props.study} images={props.images} chosen={image()} choose={choose} />
      <div class="stage" aria-busy={prediction.loading}>
        <Show
          when={shown()}
          fallback={
            <div class="stage-empty">
              <p>The picture and its overlay appear here.</p>
            </div>
          }
        >
          {(answer) => <Picture answer={answer()} loading={prediction.loading} hotSpot={hotSpot()} pointAt={pointAt} />}
        </Show>
      </div>
      <div class="reading">
        <div aria-live="polite">
          <Switch fallback={<p class="waiting">Choose a study image, or upload one of your own.</p>}>
            <Match when={prediction.state === "errored"}>
              <p class="problem" role="alert">
                {messageOf(prediction.error)}
              </p>
            </Match>
            <Match when={shown()}>{(answer) => <Answer answer={answer()} loading={prediction.loading} />}</Match>
            <Match when={prediction.loading}>
              <p class="waiting">Asking the model … The first answer takes a few seconds longer.</p>
            </Match>
          </Switch>
        </div>
        <MethodForm methods={props.methods} settings={settings()} change={setSettings} />
        <Show when={shown()}>{(answer) => <HotSpots answer={answer()} pointed={hotSpot()} pointAt={pointAt} />}</Show>
      </div>
    </div>
  );
}
