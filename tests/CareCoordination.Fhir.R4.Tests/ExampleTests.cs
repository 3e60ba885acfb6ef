using System.Text.Json;
using CareCoordination.Fhir.Json;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.R4.Tests;

/// <summary>The schema and the editors held against HL7's own examples.</summary>
public sealed class ExampleTests
{
    [Fact]
    public void Every_property_of_every_official_example_has_a_definition()
    {
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var document in Conformance.Examples())
            Walk(document.Root, R4Definitions.Schema.FindResource(document.ResourceTypeUtf8)!, unknown);

        Assert.Empty(unknown);
    }

    [Fact]
    public void An_edit_that_is_taken_back_gives_every_official_example_as_it_was()
    {
        foreach (var document in Conformance.Examples())
        {
            var untouched = new ResourceEditor(document).ToUtf8Json();
            var editor = new ResourceEditor(document);

            editor.SetJson("x-edit", "{}"u8.ToArray());
            editor.Remove("x-edit");

            Assert.True(untouched.AsSpan().SequenceEqual(editor.ToUtf8Json()), document.Id);
        }
    }

    private static void Walk(JsonValue json, TypeDefinition type, SortedSet<string> unknown)
    {
        foreach (var property in json)
        {
            if (property.NameUtf8.SequenceEqual("resourceType"u8) && type.IsResource)
                continue;
            if (type.Property(property.NameUtf8) is not { } binding)
            {
                unknown.Add($"{type.Name}: {property.Name}");
                continue;
            }

            if (property.Kind == JsonValueKind.Array)
            {
                foreach (var item in property)
                    WalkValue(item, binding, unknown);
            }
            else
            {
                WalkValue(property, binding, unknown);
            }
        }
    }

    private static void WalkValue(JsonValue json, PropertyBinding binding, SortedSet<string> unknown)
    {
        if (json.Kind != JsonValueKind.Object)
            return;
        var type = binding.Type;
        if (type.IsResource && json.TryGetProperty("resourceType"u8, out var name))
            type = R4Definitions.Schema.FindResource(name.StringUtf8) ?? type;
        if (type.IsPrimitive && !binding.IsShadow)
            unknown.Add($"{binding.Element}: an object for a primitive");
        Walk(json, type, unknown);
    }
}
