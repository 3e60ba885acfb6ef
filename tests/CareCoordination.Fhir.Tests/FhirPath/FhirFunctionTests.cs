using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.FhirPath;
using CareCoordination.Fhir.FhirPath.Evaluation;
using CareCoordination.Fhir.FhirPath.Values;

namespace CareCoordination.Fhir.Tests.FhirPath;

/// <summary>https://hl7.org/fhir/R4/fhirpath.html#functions</summary>
public sealed class FhirFunctionTests
{
    [Theory]
    [InlineData("extension('http://example.org/risk').value", "7")]
    [InlineData("status.extension('http://example.org/why').value", "review")]
    [InlineData("status.hasExtension('http://example.org/other')", "false")]
    [InlineData("title.hasValue()", "true")]
    [InlineData("subject.hasValue()", "false")]
    [InlineData("title.getValue()", "'After the hospital'")]
    [InlineData("%resource.id & %context.id & %rootResource.id", "'cp1cp1cp1'")]
    [InlineData("contained.description.text", "Walk")]
    [InlineData("%`ext-x`", "'http://hl7.org/fhir/StructureDefinition/x'")]
    public void Reaches_what_FHIR_adds_to_the_language(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Theory]
    [InlineData("subject.resolve() is Patient", "true")]
    [InlineData("subject.resolve() is Group", "false")]
    [InlineData("careTeam[0].resolve() is CareTeam", "true")]
    [InlineData("careTeam[1].resolve()", "")]
    [InlineData("goal.where(resolve() is Goal).reference", "#g1, Goal/g2")]
    [InlineData("goal[0].resolve().description.text", "Walk")]
    [InlineData("goal[1].resolve().description", "")]
    [InlineData("'Patient/1'.resolve() is Patient", "true")]
    [InlineData("'Patient?x=1'.resolve()", "")]
    [InlineData("'Nonsense/1'.resolve()", "")]
    public void Resolves_as_far_as_the_text_tells(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    /// <summary>Other types have elements called reference and type, which are something else.</summary>
    [Theory]
    [InlineData("""{"resourceType":"Patient","identifier":[{"type":{"text":"MR"},"value":"1"}]}""", "identifier")]
    [InlineData("""{"resourceType":"PlanDefinition","status":"active","type":{"text":"x"}}""", "$this")]
    [InlineData(
        """{"resourceType":"Patient","_birthDate":{"extension":[{"url":"urn:x","valueCode":"y"}]}}""",
        "birthDate"
    )]
    [InlineData("""{"resourceType":"Task","for":{"_type":{"extension":[{"url":"urn:x","valueCode":"y"}]}}}""", "for")]
    [InlineData(
        """{"resourceType":"Task","for":{"_reference":{"extension":[{"url":"urn:x","valueCode":"y"}]}}}""",
        "for"
    )]
    [InlineData("""{"resourceType":"Task","input":[{"type":{"text":"x"},"valueString":"y"}]}""", "input")]
    public void What_is_no_reference_resolves_to_nothing(string resource, string path)
    {
        var context = Given.Context();
        context.Resolver = _ => default;

        var resolve = FhirPathExpression.Compile($"{path}.resolve()", R4.R4Definitions.Schema).Value;

        Assert.True(resolve.Evaluate(Given.Parse(resource), context).Value.IsEmpty);
    }

    [Fact]
    public void Resolves_through_the_context()
    {
        var task = Given.Parse("""{ "resourceType": "Task", "id": "t1", "status": "ready", "intent": "order" }""");
        var context = Given.Context();
        context.Resolver = reference => reference == "Task/t1" ? task : default;

        Assert.Equal("ready", Given.Evaluate("activity.reference.resolve().status", context));
        Assert.Equal("true", Given.Evaluate("goal[1].resolve() is Goal", context));
    }

    [Fact]
    public void Resolves_within_a_bundle()
    {
        var bundle = Given.Parse(
            """
            {
              "resourceType": "Bundle",
              "type": "collection",
              "entry": [
                { "fullUrl": "urn:uuid:1", "resource": { "resourceType": "Patient", "id": "a", "gender": "other" } },
                { "fullUrl": "http://example.org/fhir/Goal/g", "resource": { "resourceType": "Goal", "lifecycleStatus": "active", "description": {}, "subject": { "reference": "urn:uuid:1" } } },
                { "fullUrl": "urn:uuid:2", "resource": { "resourceType": "CarePlan", "goal": [{ "reference": "Goal/g" }] } }
              ]
            }
            """
        );
        var gender = FhirPathExpression
            .Compile("entry.resource.ofType(CarePlan).goal.resolve().subject.resolve().gender", R4.R4Definitions.Schema)
            .Value;

        Assert.Equal("other", gender.Evaluate(bundle, Given.Context()).Value[0].Text);
    }

    [Theory]
    [InlineData("status.memberOf('http://hl7.org/fhir/ValueSet/request-status')", "true")]
    [InlineData("intent.memberOf('http://hl7.org/fhir/ValueSet/request-status|4.0.1')", "false")]
    [InlineData("status.memberOf('http://example.org/unknown')", "! memberOf() does not know the value set.")]
    [InlineData("conformsTo('http://hl7.org/fhir/StructureDefinition/DomainResource')", "true")]
    [InlineData("conformsTo('http://example.org/unknown')", "! conformsTo() does not know the profile.")]
    [InlineData("checkModifiers('http://example.org/a').id", "cp1")]
    [InlineData(
        "elementDefinition()",
        "! elementDefinition() needs definitions as resources, which this engine does not have."
    )]
    [InlineData("text.div.htmlChecks()", "")]
    public void Asks_terminology_and_profiles(string expression, string expected) =>
        Assert.Equal(expected, Given.Evaluate(expression));

    [Fact]
    public void The_context_knows_further_value_sets_and_profiles()
    {
        var context = Given.Context();
        context.MemberOf = (_, url) => url.EndsWith("/known", StringComparison.Ordinal) ? true : null;
        context.ConformsTo = (_, _) => false;

        Assert.Equal("true", Given.Evaluate("status.memberOf('http://example.org/known')", context));
        Assert.Equal("false", Given.Evaluate("conformsTo('http://example.org/profile')", context));
    }

    [Fact]
    public void A_warm_context_evaluates_paths_without_allocation()
    {
        FhirPathExpression[] expressions =
        [
            Given.Compile("CarePlan.activity.detail.status"),
            Given.Compile("CarePlan.subject.where(resolve() is Patient)"),
            Given.Compile("CarePlan.identifier.where(system = 'urn:b').value.exists()"),
            Given.Compile("(CarePlan.activity.detail.product as Reference) | CarePlan.goal"),
        ];
        var (context, output) = (new EvaluationContext(new WorkBudget(WorkLimits.None)), new FhirPathCollection(16));
        for (var i = 0; i < 50; i++)
            EvaluateAll();

        // A collection that other tests bring about empties the array pools, which are then filled once again.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => AllocatedByFifty()));

        long AllocatedByFifty()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 50; i++)
                EvaluateAll();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        void EvaluateAll()
        {
            foreach (var expression in expressions)
            {
                output.Clear();
                expression.EvaluateInto(Given.CarePlan, context, output);
            }
        }
    }
}
