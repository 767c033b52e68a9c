use std::sync::Mutex;
use std::sync::atomic::AtomicUsize;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::*;
use crate::analysis::tests::naive::many;

/// An engine whose replies come out of a channel.
fn engine(settings: Settings) -> (Engine, Receiver<Reply>) {
    let (replies, inbox) = channel();
    let engine = Engine::start(settings, move |reply| {
        let _ = replies.send(reply);
    });
    (engine.unwrap(), inbox)
}

/// Settings under which masks come from `mask`.
fn with_masks(
    threads: usize,
    mask: impl Fn(&Chunk) -> Mask + Send + Sync + Clone + 'static,
) -> Settings {
    Settings {
        planner: Arc::new(move |_, _| {
            let mask = mask.clone();
            Box::new(move |chunk: &Chunk, _: &Mask| mask(chunk)) as Masks
        }),
        ..settings(threads)
    }
}

fn tickets(replies: &Receiver<Reply>) -> Vec<(u64, bool)> {
    let ticket = |reply| match reply {
        Reply::Answer(answer) => (answer.ticket.0, answer.complete),
        Reply::Values(counts) => panic!("{counts:?}"),
        Reply::Counts(counts) => panic!("{counts:?}"),
        Reply::Failed { ticket, error } => panic!("{ticket:?}: {error}"),
    };
    replies.try_iter().map(ticket).collect()
}

#[test]
fn an_engine_answers_as_the_command_line_does() {
    let records = many(3_000);
    let store = shuffled(&records, &[400], 2);
    let (engine, replies) = engine(Settings::default());
    let request = request(1, &store, &question());
    engine.ask(request.clone());
    engine.idle();
    let Reply::Answer(found) = replies.try_iter().last().unwrap() else {
        panic!("no answer");
    };
    assert_eq!(content(&found), content(&answer(&request, 1)));
}

#[test]
fn a_superseded_pass_stops_within_one_chunk() {
    for threads in [1, 2] {
        let store = shuffled(&many(2_000), &[10], 0);
        let evaluated = Arc::new(AtomicUsize::new(0));
        // The tenth chunk is reached, and then the next request comes while it is worked on.
        let (reached, tell) = channel();
        let (resume, wait) = channel::<()>();
        let gate = Arc::new(Mutex::new(Some((reached, wait))));
        let count = Arc::clone(&evaluated);
        let mask = move |_: &Chunk| {
            if count.fetch_add(1, Ordering::SeqCst) == 9 {
                let (reached, wait) = gate.lock().unwrap().take().unwrap();
                reached.send(()).unwrap();
                wait.recv().unwrap();
            }
            Mask::All
        };
        let (engine, replies) = engine(with_masks(threads, mask));
        engine.ask(request(1, &store, &question()));
        tell.recv().unwrap();
        engine.newest.request.store(2, Ordering::Release);
        // A second thread may go on for the chunk that it had begun, and only that one.
        let before = evaluated.load(Ordering::SeqCst);
        resume.send(()).unwrap();
        engine.idle();
        assert_eq!(tickets(&replies), []);
        let after = evaluated.load(Ordering::SeqCst);
        assert!(after - before < threads, "{before} {after}");

        // What was found is not lost.
        engine.ask(request(3, &store, &question()));
        engine.idle();
        assert_eq!(tickets(&replies), [(3, true)]);
        assert_eq!(evaluated.load(Ordering::SeqCst), store.chunks().len());
    }
}

#[test]
fn of_requests_that_wait_only_the_newest_is_answered() {
    let store = shuffled(&many(500), &[100], 0);
    let (entered, entry) = channel();
    let (resume, wait) = channel::<()>();
    let gate = Arc::new(Mutex::new(Some((entered, wait))));
    let mask = move |_: &Chunk| {
        if let Some((entered, wait)) = gate.lock().unwrap().take() {
            entered.send(()).unwrap();
            wait.recv().unwrap();
        }
        Mask::All
    };
    let (engine, replies) = engine(with_masks(1, mask));
    engine.ask(request(1, &store, &question()));
    entry.recv().unwrap();
    for ticket in 2..=5 {
        engine.ask(request(ticket, &store, &question()));
    }
    resume.send(()).unwrap();
    engine.idle();
    assert_eq!(tickets(&replies), [(5, true)]);
}

#[test]
fn a_first_part_comes_when_a_screenful_is_known() {
    let records = many(2_000);
    let store = shuffled(&records, &[70], 3);
    let settings = Settings {
        patience: Some(Duration::ZERO),
        // To take over the sums of another filter never pays.
        bytes_per_row: 1,
        ..settings(1)
    };
    let (engine, replies) = engine(settings);
    let anchors = [
        (1, store.reading_order()[0]),
        (2, store.reading_order()[20]),
    ];
    for (ticket, chunk) in anchors {
        let anchor = RowId(store.base(chunk as usize));
        let question = Question {
            filter: (ticket == 1).then(filter),
            ..question()
        };
        engine.ask(Request {
            anchor: Some(anchor),
            ..request(ticket, &store, &question)
        });
        engine.idle();
        let answers: Vec<Answer> = replies
            .try_iter()
            .map(|reply| match reply {
                Reply::Answer(answer) => answer,
                other => panic!("{other:?}"),
            })
            .collect();
        let [part, whole] = &answers[..] else {
            panic!("{} answers", answers.len());
        };
        assert!(!part.complete && whole.complete);
        let (some, all) = (part.selection.len(), whole.selection.len());
        assert!((200..300).contains(&some) && some < all, "{some} {all}");
        // What is known first is what is read first.
        let first: Vec<RowId> = part.selection.rows().collect();
        let rows: Vec<RowId> = whole.selection.rows().take(some).collect();
        assert_eq!(first, rows);
        assert_eq!(part.breakdown.total.records, some as u64);
        assert_eq!(
            part.timeline.as_ref().unwrap().all.total.records,
            some as u64
        );
        // A row that has not been looked at has no place yet.
        assert_eq!(part.anchor.is_some(), ticket == 1);
        assert!(whole.anchor.is_some());
    }
}

#[test]
fn the_same_question_of_a_longer_store_looks_at_the_new_chunks_alone() {
    let store = shuffled(&many(1_000), &[50], 4);
    let evaluated = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&evaluated);
    let masks = with_masks(2, move |chunk: &Chunk| {
        count.fetch_add(1, Ordering::SeqCst);
        picked_rows(chunk)
    });
    let (engine, replies) = engine(masks);
    let stores = growing(&store);
    for (ticket, store) in (1u64..).zip(&stores) {
        engine.ask(request(ticket, store, &question()));
        engine.idle();
        assert_eq!(evaluated.load(Ordering::SeqCst), store.chunks().len());
    }
    // Another window, other lanes, another breakdown, another order: the filter has been evaluated.
    let other = Question {
        window: None,
        lanes: id::SRCADDR,
        breakdown: id::ACTION,
        order: RowOrder::Columns(vec![SortBy {
            field: id::BYTES,
            descending: true,
        }]),
        ..question()
    };
    engine.ask(request(100, &store, &other));
    engine.idle();
    assert_eq!(evaluated.load(Ordering::SeqCst), store.chunks().len());
    // Another filter has not.
    let unfiltered = Question {
        filter: None,
        ..other
    };
    engine.ask(request(101, &store, &unfiltered));
    engine.idle();
    assert_eq!(evaluated.load(Ordering::SeqCst), 2 * store.chunks().len());
    assert_eq!(tickets(&replies).len(), stores.len() + 2);
}

#[test]
fn another_store_is_not_taken_for_a_longer_one() {
    let (a, b) = (many(600), many(900));
    let (a, b) = (shuffled(&a, &[100], 0), shuffled(&b, &[100], 0));
    let (engine, replies) = engine(settings(1));
    engine.ask(request(1, &a, &question()));
    engine.idle();
    let second = request(2, &b, &question());
    engine.ask(second.clone());
    engine.idle();
    let Some(Reply::Answer(found)) = replies.try_iter().last() else {
        panic!("no answer");
    };
    assert_eq!(content(&found), content(&once(&second, &settings(1))));
}

#[test]
fn a_fault_costs_its_pass_and_not_the_worker() {
    let store = shuffled(&many(1_000), &[50], 0);
    for threads in [1, 3] {
        let broken = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&broken);
        let (engine, replies) = engine(with_masks(threads, move |_: &Chunk| {
            assert!(
                count.fetch_add(1, Ordering::SeqCst) != 12,
                "chunk is {}",
                "bad"
            );
            Mask::All
        }));
        engine.ask(request(1, &store, &question()));
        engine.idle();
        match replies.try_iter().last() {
            Some(Reply::Failed { ticket, error }) => {
                assert_eq!((ticket, error.what.as_str()), (Ticket(1), "chunk is bad"));
            }
            other => panic!("{other:?}"),
        }
        engine.ask(request(2, &store, &question()));
        engine.idle();
        assert_eq!(tickets(&replies), [(2, true)]);
    }
}

#[test]
fn the_thread_ends_with_its_engine() {
    let (engine, replies) = engine(settings(2));
    engine.ask(request(1, &shuffled(&many(100), &[10], 0), &question()));
    engine.idle();
    assert_eq!(tickets(&replies), [(1, true)]);
    drop(engine);
    // The channel closes when the thread lets go of the callback.
    assert!(replies.recv().is_err());
}

#[test]
fn what_was_prefetched_is_answered_without_evaluating_it_again() {
    let store = shuffled(&many(2_000), &[100], 0);
    let evaluated = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&evaluated);
    let mask = move |chunk: &Chunk| {
        count.fetch_add(1, Ordering::SeqCst);
        picked_rows(chunk)
    };
    let (engine, replies) = engine(with_masks(2, mask));
    let all = Question {
        filter: None,
        ..question()
    };
    let prefetch = |ticket| {
        engine.prefetch(PrefetchRequest {
            ticket: Ticket(ticket),
            store: store.clone(),
            question: all.clone(),
            filters: vec![filter()],
        });
        engine.idle();
        evaluated.swap(0, Ordering::SeqCst)
    };
    engine.ask(request(1, &store, &all));
    engine.idle();
    evaluated.store(0, Ordering::SeqCst);
    assert_eq!(prefetch(0), 0, "superseded by the request");
    assert_eq!(prefetch(1), store.chunks().len());
    assert_eq!(tickets(&replies), [(1, true)]);

    let request = request(2, &store, &question());
    engine.ask(request.clone());
    engine.idle();
    assert_eq!(evaluated.load(Ordering::SeqCst), 0);
    let Reply::Answer(found) = replies.try_iter().last().unwrap() else {
        panic!("no answer");
    };
    assert_eq!(content(&found), content(&once(&request, &settings(1))));
}

#[test]
fn prefetching_waits_for_a_pause_and_stops_for_a_request() {
    let store = shuffled(&many(2_000), &[100], 0);
    let (entered, entry) = channel();
    let mask = move |chunk: &Chunk| {
        let _ = entered.send(());
        picked_rows(chunk)
    };
    let settings = Settings {
        prefetch_delay: Duration::from_hours(1),
        ..with_masks(1, mask)
    };
    let (engine, replies) = engine(settings);
    engine.ask(request(1, &store, &question()));
    engine.idle();
    let begun = entry.try_iter().count();
    assert_eq!(begun, store.chunks().len());
    engine.prefetch(PrefetchRequest {
        ticket: Ticket(1),
        store: store.clone(),
        question: question(),
        filters: vec![Arc::new(Expression::Not(Box::new(Expression::Everything)))],
    });
    engine.ask(request(2, &store, &question()));
    while replies
        .recv()
        .is_ok_and(|reply| !matches!(reply, Reply::Answer(answer) if answer.ticket == Ticket(2)))
    {
    }
    engine.idle();
    assert_eq!(entry.try_iter().count(), 0);
}
