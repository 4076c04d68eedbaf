//! What this is, what it simplifies, what it is made of.
use leptos::prelude::*;

use crate::shell::keyboard::{GENERAL, KeyTable};

mod ledger;

/// The page about the site itself.
#[component]
pub fn About() -> impl IntoView {
    crate::shell::enter(["About"]);
    view! {
        <article class="about">
            <header class="about__head">
                <h1>"About Drydock"</h1>
                <p>
                    "Drydock simulates Amazon ECS in this browser tab: clusters, task definitions, tasks, services and the "
                    "machines below them, on a clock that you can stop, wind back and branch. The commands, the JSON and the "
                    "error texts are those of AWS. No account, no bill, no wait."
                </p>
            </header>
            <section class="about__part prose">
                <h2>"Privacy"</h2>
                <p>
                    "Everything runs here. The page loads its own files and then asks no other address for anything; "
                    "there is no sign-in, no measurement, no cookie. Your progress, your answers and your choice of colours are "
                    "kept in this browser's storage, and nowhere else. Clear the site's data and they are gone."
                </p>
            </section>
            <section class="about__part prose">
                <h2>"What is exact and what is not"</h2>
                <p>
                    "Drydock is an independent model. It is not made by, nor approved by, Amazon Web Services. What it does "
                    "follows the public documentation, the published source of the ECS agent, and behaviour seen in the field; "
                    "durations such as an image pull are modelled. Every event names the rule behind it, and the tables below say what each rule rests on and where AWS does more."
                </p>
            </section>
            <section class="about__part">
                <h2>"Keyboard"</h2>
                <KeyTable keys=GENERAL.to_vec() />
            </section>
            <section class="about__part prose">
                <h2>"Licences"</h2>
                <p>"Drydock's code is free under the MIT licence or the Apache licence 2.0, as you prefer."</p>
                <p>
                    "Signs are set in a Latin subset of TeX Gyre Heros Condensed by B. Jackowski and J. M. Nowacki, under the "
                    <a href="fonts/GUST-FONT-LICENSE.txt" rel="external">"GUST Font License"</a>
                    ". Code is set in a Latin subset of JetBrains Mono, copyright 2020 The JetBrains Mono Project Authors, under the "
                    <a href="fonts/OFL.txt" rel="external">"SIL Open Font License 1.1"</a>"."
                </p>
                <p>"Amazon Web Services, Amazon ECS and AWS Fargate are trademarks of Amazon.com, Inc. or its affiliates."</p>
            </section>
            <ledger::Simplifications />
            <ledger::Ledger />
        </article>
    }
}
