//! `sink`: counts messages, and ends with a verdict.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::Scenario;
use crate::lab::{
    numbered::{Checked, check},
    session::{Session, Stop},
};

/// Most gaps between the numbers that are remembered. Those of the lowest numbers are lost for good.
const GAPS: usize = 1_000;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sink {
    /// 0 waits for the end.
    count: u64,
}

#[derive(Debug, Default)]
struct Verdict {
    messages: u64,
    bytes: u64,
    numbered: u64,
    doubled: u64,
    reordered: u64,
    damaged: u64,
    /// The highest number that came.
    highest: u64,
    /// Numbers below the highest that did not come: the first of each gap, and the one behind its last.
    gaps: BTreeMap<u64, u64>,
    lost_for_good: u64,
    first: Option<Instant>,
    last: Option<Instant>,
}

impl Verdict {
    fn count(&mut self, is_text: bool, payload: &[u8]) {
        let now = Instant::now();
        self.first.get_or_insert(now);
        self.last = Some(now);
        self.messages += 1;
        self.bytes += payload.len() as u64;
        match check(is_text, payload) {
            Checked::Other => {}
            Checked::Damaged => self.damaged += 1,
            Checked::Good(seq) => {
                self.numbered += 1;
                self.place(seq);
            }
        }
    }

    fn place(&mut self, seq: u64) {
        if seq > self.highest {
            if seq > self.highest + 1 {
                self.gaps.insert(self.highest + 1, seq);
            }
            self.highest = seq;
        } else if let Some((&first, &end)) = self.gaps.range(..=seq).next_back().filter(|(_, end)| seq < **end) {
            self.reordered += 1;
            self.gaps.remove(&first);
            for (first, end) in [(first, seq), (seq + 1, end)] {
                if first < end {
                    self.gaps.insert(first, end);
                }
            }
        } else {
            self.doubled += 1;
        }
        if self.gaps.len() > GAPS
            && let Some((first, end)) = self.gaps.pop_first()
        {
            self.lost_for_good += end - first;
        }
    }

    fn json(&self) -> Value {
        let time = self.first.zip(self.last).map_or(0.0, |(first, last)| (last - first).as_secs_f64());
        let rate = (time > 0.0).then(|| (self.messages.saturating_sub(1) as f64 / time).round());
        json!({
            "messages": self.messages,
            "bytes": self.bytes,
            "numbered": self.numbered,
            "lost": self.gaps.iter().map(|(first, end)| end - first).sum::<u64>() + self.lost_for_good,
            "doubled": self.doubled,
            "reordered": self.reordered,
            "damaged": self.damaged,
            "messages_per_second": rate,
        })
    }
}

impl Scenario for Sink {
    async fn run(self, session: &mut Session) -> Result<(), Stop> {
        let mut verdict = Verdict::default();
        let stop = loop {
            match session.message(None).await {
                Ok(Some(message)) if message.is_text && message.payload == b"end" => break Ok(()),
                Ok(Some(message)) => {
                    verdict.count(message.is_text, &message.payload);
                    if verdict.messages == self.count {
                        break Ok(());
                    }
                }
                Ok(None) => {}
                Err(stop) => break Err(stop),
            }
        };
        let json = verdict.json();
        session.report(json.clone());
        // A client that has sent Close can still receive (RFC 6455 section 5.5.1).
        if matches!(stop, Ok(()) | Err(Stop::PeerClosed(..))) {
            session.send_json(&json).await?;
        }
        stop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_doubled_and_reordered_messages_are_told_apart() {
        let mut verdict = Verdict::default();
        for seq in [1, 2, 5, 3, 3, 6, 9] {
            verdict.place(seq);
        }
        let json = verdict.json();
        assert_eq!((&json["lost"], &json["doubled"], &json["reordered"]), (&json!(3), &json!(1), &json!(1)));
        verdict.place(u64::MAX);
        assert_eq!(verdict.json()["lost"], json!(u64::MAX - 7));

        let mut far = Verdict::default();
        for number in 1..=100_000_u64 {
            far.place(number * 20_000);
        }
        assert_eq!(far.json()["lost"], json!(100_000_u64 * 19_999));
        assert_eq!(far.gaps.len(), GAPS);
    }
}
