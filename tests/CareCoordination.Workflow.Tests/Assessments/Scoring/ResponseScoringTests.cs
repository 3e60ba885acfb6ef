using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Primitives;
using CareCoordination.Fhir.R4;
using CareCoordination.Fhir.Validation;
using CareCoordination.Workflow.Assessments;
using CareCoordination.Workflow.Assessments.Scoring;
using CareCoordination.Workflow.Calendars;
using CareCoordination.Workflow.Decisions;
using CareCoordination.Workflow.Rules;

namespace CareCoordination.Workflow.Tests.Assessments.Scoring;

/// <summary>Whatever is answered and however it is amended, what is there is what the answers give.</summary>
public sealed class ResponseScoringTests
{
    private static readonly Validator Validator = new(R4Definitions.Schema);

    private static readonly AssessmentRules Rules = new();

    public static TheoryData<string, int> Chances =>
        new(from i in Instruments.All from seed in Enumerable.Range(1, 12) select (i.Code, seed));

    [Theory, MemberData(nameof(Chances))]
    public void Any_answers_give_valid_resources_of_the_response_and_the_patient(string code, int seed)
    {
        var context = Answered(Instruments.Find(code)!, new Random(seed));

        var outputs = Outputs(code, context);

        Assert.Equal(outputs.Select(o => o.Key).Distinct(), outputs.Select(o => o.Key));
        foreach (var (key, editor) in outputs)
        {
            var document = ResourceDocument.Parse(editor.ToUtf8Json()).Value;
            Assert.Empty(
                Validator.Validate(document).Where(i => i.IsError).Select(i => $"{key} {i.Expression} {i.Diagnostics}")
            );
            Assert.Equal(key.Id, document.Id);
            var json = (JsonObject)JsonNode.Parse(document.Utf8.Span)!;
            Assert.Equal("Patient/p", (json["subject"] ?? json["for"])!["reference"]!.GetValue<string>());
        }

        var ever = ResponseScoring.EverOf(context.Response.Key).ToHashSet();
        Assert.All(
            outputs.Where(o => o.Key.Type is "Observation" or "Condition" or "ServiceRequest").Select(o => o.Key),
            key => Assert.Contains(key, ever)
        );
    }

    [Theory, MemberData(nameof(Chances))]
    public void Scored_again_nothing_is_written(string code, int seed)
    {
        var context = Answered(Instruments.Find(code)!, new Random(seed));
        var store = new Dictionary<ResourceKey, StoredNow>();
        Apply(store, code, context);
        var before = Show(store);

        var decision = Decide(store, code, context with { Now = Given.Now.AddDays(9) });

        Assert.Empty(decision.Writes);
        Assert.Equal([new ReliedOn(context.Response.Key, context.Response.Version)], decision.ReliedOn);
        Assert.Equal(before, Show(store));
    }

    /// <summary>From any answers to any others and back: what is in force is what the last answers give, but for what is about safety.</summary>
    [Theory, MemberData(nameof(Chances))]
    public void However_it_is_amended_what_is_in_force_is_what_the_answers_give(string code, int seed)
    {
        var instrument = Instruments.Find(code)!;
        var chance = new Random(seed * 7919);
        var store = new Dictionary<ResourceKey, StoredNow>();
        for (var version = 1; version <= 5; version++)
        {
            var context = Answered(instrument, chance, version);
            Apply(store, code, context);

            var wanted = Outputs(code, context)
                .Where(o => IsCorrected(o.Key))
                .Select(o => $"{o.Key} {Meaning(o.Editor.ToUtf8Json())}");
            var inForce = store
                .Where(s => IsCorrected(s.Key) && IsInForce(s.Key, s.Value.Utf8Json))
                .Select(s => $"{s.Key} {Meaning(s.Value.Utf8Json)}");
            Assert.Equal(wanted.Order(StringComparer.Ordinal), inForce.Order(StringComparer.Ordinal));
            foreach (var (_, now) in store)
                Assert.Empty(Validator.Validate(ResourceDocument.Parse(now.Utf8Json).Value).Where(i => i.IsError));
        }
    }

    [Theory]
    [InlineData("confirmed", "confirmed")]
    [InlineData("refuted", "refuted")]
    [InlineData("provisional", "provisional")]
    [InlineData("unconfirmed", "entered-in-error")]
    public void A_problem_that_somebody_has_judged_stays(string status, string after)
    {
        var store = Scored("ahc-hrsn", "93030-5=LA33-6");
        var condition = store.Keys.Single(k => k.Type == "Condition");
        Set(store, condition, json => json["verificationStatus"]!["coding"]![0]!["code"] = status);

        Apply(store, "ahc-hrsn", Context("93030-5=LA32-8", 2));

        Assert.Equal(after, Json(store, condition)["verificationStatus"]!["coding"]![0]!["code"]!.GetValue<string>());
        Assert.Equal(after != "entered-in-error", Json(store, condition).ContainsKey("clinicalStatus"));
    }

    [Theory]
    [InlineData("draft", "proposal", "entered-in-error")]
    [InlineData("revoked", "proposal", "revoked")]
    [InlineData("draft", "order", "draft")]
    [InlineData("active", "order", "active")]
    [InlineData("active", "proposal", "active")]
    [InlineData("completed", "order", "completed")]
    public void A_request_that_somebody_has_taken_up_stays(string status, string intent, string after)
    {
        var store = Scored("prapare", "76437-3=LA30194-7");
        var request = store.Keys.Single(k => k.Type == "ServiceRequest");
        Set(store, request, json => (json["status"], json["intent"]) = (status, intent));

        Apply(store, "prapare", Context("76437-3=LA15652-3", 2));

        Assert.Equal(after, Json(store, request)["status"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("draft", 2)]
    [InlineData("revoked", 1)]
    [InlineData("completed", 1)]
    public void A_request_is_proposed_again_unless_somebody_has_ended_it(string status, int writes)
    {
        var store = Scored("prapare", "76437-3=LA30194-7");
        var request = store.Keys.Single(k => k.Type == "ServiceRequest");
        Set(store, request, json => json["status"] = status);
        Apply(store, "prapare", Context("76437-3=LA15652-3", 2));
        var before = store[request].Version;

        Apply(store, "prapare", Context("76437-3=LA30194-7", 3));

        Assert.Equal(status, Json(store, request)["status"]!.GetValue<string>());
        Assert.Equal(writes - 1, store[request].Version - before);
    }

    [Theory]
    [InlineData("requested", "cancelled")]
    [InlineData("in-progress", "in-progress")]
    [InlineData("completed", "completed")]
    [InlineData("rejected", "rejected")]
    public void The_next_instrument_is_called_off_unless_somebody_has_begun(string status, string after)
    {
        var store = Scored("phq-2", "44250-9=LA6571-9 44255-8=LA6571-9");
        var task = store.Keys.Single(k => k.Type == "Task");
        Set(store, task, json => json["status"] = status);

        Apply(store, "phq-2", Context("44250-9=LA6568-5 44255-8=LA6568-5", 2));

        Assert.Equal(after, Json(store, task)["status"]!.GetValue<string>());
    }

    [Fact]
    public void Another_urgent_answer_raises_another_task_and_the_first_stays()
    {
        var store = Scored("phq-9", "44260-8=LA6569-3");
        var first = store.Keys.Single(k => k.Type == "Task");
        Set(store, first, json => json["status"] = "completed");

        Apply(store, "phq-9", Context("44260-8=LA6571-9", 2));
        Assert.Equal(2, store.Keys.Count(k => k.Type == "Task"));
        Apply(store, "phq-9", Context("44260-8=LA6568-5", 3));

        Assert.Equal(
            ["completed", "requested"],
            store.Keys.Where(k => k.Type == "Task").Select(k => Json(store, k)["status"]!.GetValue<string>()).Order()
        );
        Assert.All(
            store.Keys.Where(k => k.Type == "Flag"),
            k => Assert.Equal("active", Json(store, k)["status"]!.GetValue<string>())
        );
    }

    [Theory]
    [InlineData("Observation", true)]
    [InlineData("Condition", false)]
    [InlineData("ServiceRequest", false)]
    public void What_somebody_has_deleted_stays_away_but_for_what_was_measured(string type, bool isBack)
    {
        var store = Scored("ahc-hrsn", "93030-5=LA33-6");
        var key = store.Keys.Single(k => k.Type == type);
        store[key] = new StoredNow(2, default);

        var decision = Decide(store, "ahc-hrsn", Context("93030-5=LA33-6", 1));

        Assert.Equal(isBack ? [(key, 2)] : [], decision.Writes.Select(w => (w.Key, w.DecidedFrom)));
    }

    [Theory]
    [InlineData("phq-9", "44260-8=LA6570-1", "self-harm-check", "stat", true)]
    [InlineData("prapare", "76501-6=LA33-6", "violence-check", "stat", true)]
    [InlineData("prapare", "93026-3=LA32-8", "violence-check", "stat", true)]
    [InlineData("prapare", "93026-3=LA14072-5", "safety-review", "urgent", false)]
    public void What_is_urgent_is_due_by_the_end_of_the_day_where_the_patient_is(
        string instrument,
        string answers,
        string work,
        string priority,
        bool isFlagged
    )
    {
        // It is the evening of the 22nd in New York.
        var context = Context(answers, 1) with
        {
            Now = new DateTimeOffset(2026, 11, 23, 2, 0, 0, TimeSpan.Zero),
            Calendar = BusinessCalendar.UnitedStates(Given.NewYork),
        };
        var outputs = Outputs(instrument, context);

        var task = Json(outputs.Single(o => o.Key.Type == "Task").Editor);
        Assert.Equal(
            (work, priority),
            (task["code"]!["coding"]![0]!["code"]!.GetValue<string>(), task["priority"]!.GetValue<string>())
        );
        Assert.Equal("2026-11-22T23:59:59-05:00", task["restriction"]!["period"]!["end"]!.GetValue<string>());
        Assert.Equal("lead", task["performerType"]![0]!["coding"]![0]!["code"]!.GetValue<string>());
        Assert.Equal("QuestionnaireResponse/r", task["focus"]!["reference"]!.GetValue<string>());
        Assert.Equal(isFlagged, outputs.Any(o => o.Key.Type == "Flag"));
    }

    [Theory]
    [InlineData("Practitioner/nurse")]
    [InlineData(null)]
    public void The_next_instrument_is_for_the_care_manager_within_the_days_of_the_rules(string? manager)
    {
        var context = Context("44250-9=LA6571-9 44255-8=LA6569-3", 1) with
        {
            CareManager = manager,
            Rules = new AssessmentRules { FollowUpBusinessDays = 2 },
        };

        var task = Json(Outputs("phq-2", context).Single(o => o.Key.Type == "Task").Editor);

        // A Monday, and Thanksgiving is on Thursday.
        Assert.StartsWith(
            "2026-11-25T23:59:59",
            task["restriction"]!["period"]!["end"]!.GetValue<string>(),
            StringComparison.Ordinal
        );
        Assert.Equal(manager, task["owner"]?["reference"]?.GetValue<string>());
        Assert.Equal("routine", task["priority"]?.GetValue<string>() ?? "routine");
    }

    [Fact]
    public void The_encounter_of_the_response_goes_along()
    {
        var response = Form.Response(
            "93030-5=LA33-6 76501-6=LA33-6",
            "'status':'completed','subject':{'reference':'Patient/p'},'encounter':{'reference':'Encounter/e'}"
        );

        Assert.All(
            Outputs("prapare", Context(response)),
            o => Assert.Equal("Encounter/e", Json(o.Editor)["encounter"]!["reference"]!.GetValue<string>())
        );
    }

    [Theory]
    [InlineData("88122-7=LA6729-3 88123-5=LA28398-8", "LA19952-3")]
    [InlineData("88122-7=LA28398-8 88123-5=LA28397-0", "LA19952-3")]
    [InlineData("88123-5=LA28397-0", "LA19952-3")]
    [InlineData("88122-7=LA28398-8 88123-5=LA28398-8", "LA19983-8")]
    // One answer alone does not say that food lasts.
    [InlineData("88122-7=LA28398-8", null)]
    [InlineData("93030-5=LA32-8", null)]
    public void The_two_questions_about_food_have_a_result(string answers, string? result) =>
        Assert.Equal(
            result,
            Outputs("ahc-hrsn", Context(answers, 1))
                .Select(o => Json(o.Editor))
                .Where(o => o["code"]!["coding"]![0]!["code"]!.GetValue<string>() == "88124-3")
                .Select(o => o["valueCodeableConcept"]!["coding"]![0]!["code"]!.GetValue<string>())
                .FirstOrDefault()
        );

    [Theory]
    [InlineData("in-progress", "'subject':{'reference':'Patient/p'}", "response-not-complete")]
    [InlineData("entered-in-error", "'subject':{'reference':'Patient/p'}", "response-not-complete")]
    [InlineData("completed", "'language':'en'", "patient-missing")]
    [InlineData("completed", "'subject':{'reference':'Group/g'}", "patient-missing")]
    [InlineData("completed", "'subject':{'display':'Somebody'}", "patient-missing")]
    [InlineData("completed", "'subject':{'reference':'Patient/p'}", null)]
    [InlineData("amended", "'subject':{'reference':'Patient/p/_history/2'}", null)]
    public void Only_a_complete_response_of_a_patient_is_scored(string status, string elements, string? rule) =>
        Assert.Equal(
            rule,
            ScoringRule
                .Check(Form.Response("44250-9=LA6568-5", $"'status':'{status}',{elements}").View())
                ?.Issues[0]
                .Details
        );

    private static bool IsCorrected(ResourceKey key) => key.Type is "Observation" or "Condition" or "ServiceRequest";

    private static bool IsInForce(ResourceKey key, ReadOnlyMemory<byte> utf8Json)
    {
        var json = (JsonObject)JsonNode.Parse(utf8Json.Span)!;
        return key.Type switch
        {
            "Condition" => json["verificationStatus"]!["coding"]![0]!["code"]!.GetValue<string>() != "entered-in-error",
            _ => json["status"]!.GetValue<string>() != "entered-in-error",
        };
    }

    /// <summary>Without what tells when it was written, and that it was corrected.</summary>
    private static string Meaning(ReadOnlyMemory<byte> utf8Json)
    {
        var json = (JsonObject)JsonNode.Parse(utf8Json.Span)!;
        foreach (var name in (string[])["status", "authoredOn", "recordedDate"])
            json.Remove(name);
        return string.Join(
            '\n',
            json.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => $"{p.Key}:{p.Value?.ToJsonString()}")
        );
    }

    private static Dictionary<ResourceKey, StoredNow> Scored(string code, string answers)
    {
        var store = new Dictionary<ResourceKey, StoredNow>();
        Apply(store, code, Context(answers, 1));
        return store;
    }

    private static Decision Decide(Dictionary<ResourceKey, StoredNow> store, string code, ScoringContext context) =>
        ResponseScoring.Decide(context, Outputs(code, context), store, []);

    private static void Apply(Dictionary<ResourceKey, StoredNow> store, string code, ScoringContext context)
    {
        foreach (var write in Decide(store, code, context).Writes)
        {
            Assert.Equal(store.GetValueOrDefault(write.Key).Version, write.DecidedFrom);
            store[write.Key] = new StoredNow(write.DecidedFrom + 1, write.Utf8Json);
        }
    }

    private static ImmutableArray<(ResourceKey Key, ResourceEditor Editor)> Outputs(
        string code,
        ScoringContext context
    ) =>
        ResponseScoring.Outputs(
            Assessment.Of(Instruments.Find(code)!, ResponseAnswers.Of(context.Response.View()), context.Rules),
            context
        );

    private static ScoringContext Context(string answers, int version) =>
        Context(
            Form.Response(
                answers,
                "'status':'completed','subject':{'reference':'Patient/p'},'authored':'2026-11-20T10:00:00Z'"
            ) with
            {
                Version = version,
            }
        );

    private static ScoringContext Context(Snapshot response) =>
        new(
            response,
            "Patient/p",
            Given.Anyone,
            Given.Now,
            BusinessCalendar.UnitedStates(TimeZoneInfo.Utc),
            Rules,
            null
        );

    /// <summary>Some questions are left out, some have several answers, and numbers are of any size.</summary>
    private static ScoringContext Answered(Instrument instrument, Random chance, int version = 1)
    {
        var answers = new StringBuilder();
        foreach (var question in instrument.Questions.Where(_ => chance.Next(5) > 0))
        {
            if (question.Choices.IsEmpty)
            {
                answers.Append(CultureInfo.InvariantCulture, $" {question.LinkId}=#{chance.Next(1, 60_000)}");
                continue;
            }

            var choices = question.Choices.OrderBy(_ => chance.Next()).Take(question.Repeats ? chance.Next(1, 4) : 1);
            foreach (var choice in choices)
                answers.Append(CultureInfo.InvariantCulture, $" {question.LinkId}={choice.Code}");
        }

        return Context(
            answers.Length == 0
                ? $"{instrument.Questions[0].LinkId}={instrument.Questions[0].Choices[0].Code}"
                : answers.ToString(),
            version
        );
    }

    private static JsonObject Json(ResourceEditor editor) => (JsonObject)JsonNode.Parse(editor.ToUtf8Json())!;

    private static JsonObject Json(Dictionary<ResourceKey, StoredNow> store, ResourceKey key) =>
        (JsonObject)JsonNode.Parse(store[key].Utf8Json.Span)!;

    private static void Set(Dictionary<ResourceKey, StoredNow> store, ResourceKey key, Action<JsonObject> change)
    {
        var json = Json(store, key);
        change(json);
        store[key] = new StoredNow(store[key].Version + 1, Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    private static string Show(Dictionary<ResourceKey, StoredNow> store) =>
        string.Join('\n', store.Select(s => $"{s.Key} {s.Value.Version}").Order(StringComparer.Ordinal));
}
