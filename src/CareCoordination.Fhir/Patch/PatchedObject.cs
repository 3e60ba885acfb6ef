using System.Text;
using CareCoordination.Fhir.Budgets;
using CareCoordination.Fhir.Outcomes;
using CareCoordination.Fhir.Schema;

namespace CareCoordination.Fhir.Patch;

/// <summary>An object that is being patched, with the type that says what its properties mean.</summary>
internal readonly struct PatchedObject(PatchedValue json, TypeDefinition type, WorkBudget budget)
{
    /// <summary>By its name, or as JSON has it: <c>value</c> or <c>valueQuantity</c>. Null where the type has no such element.</summary>
    public static ElementDefinition? ElementOf(TypeDefinition type, string name) =>
        type.Element(name)
        ?? (type.Property(Encoding.UTF8.GetBytes(name)) is { IsShadow: false } binding ? binding.Element : null);

    /// <summary>Appends to a list, or adds what is not there yet.</summary>
    public Failure? Add(ElementDefinition element, PatchContent content)
    {
        if (element.IsChoice && content.Type is null)
            return Failure.Unprocessable(
                IssueCode.Value,
                $"the content of {element.Name}[x] needs a type: send it as value[x]."
            );
        var name = content.Type is { } known ? element.JsonName(known) : element.Name;
        if (element.IsArray)
        {
            var list = new PatchedList(json, name, budget);
            list.Insert(list.Count, content);
            return null;
        }

        var of = type;
        if (json.Members.Exists(m => of.Property(Encoding.UTF8.GetBytes(m.Name))?.Element == element))
            return Failure.Unprocessable(IssueCode.Duplicate, $"{element.Name} is there already; replace it.");
        Put(json, name, content);
        return null;
    }

    /// <summary>Sets an element that is no list.</summary>
    public static void Put(PatchedValue json, string name, PatchContent content)
    {
        Put(json, name, content.Value);
        Put(json, "_" + name, content.Shadow);
    }

    private static void Put(PatchedValue json, string name, PatchedValue? value)
    {
        if (value is null)
            json.Remove(name);
        else
            json.Set(name, value);
    }
}
