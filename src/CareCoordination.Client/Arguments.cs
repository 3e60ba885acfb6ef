using Hl7.Fhir.Model;

namespace CareCoordination.Client;

/// <summary>Makes a Parameters of what was given.</summary>
internal sealed class Arguments
{
    private readonly List<Parameters.ParameterComponent> _parameters = [];

    public Arguments Add(string name, DataType? value)
    {
        if (value is not null)
            _parameters.Add(new Parameters.ParameterComponent { Name = name, Value = value });
        return this;
    }

    public Arguments Add(string name, IEnumerable<DataType>? values)
    {
        foreach (var value in values ?? [])
            Add(name, value);
        return this;
    }

    public Arguments Add(string name, Resource? resource)
    {
        if (resource is not null)
            _parameters.Add(new Parameters.ParameterComponent { Name = name, Resource = resource });
        return this;
    }

    public Arguments Add(string name, IEnumerable<Resource>? resources)
    {
        foreach (var resource in resources ?? [])
            Add(name, resource);
        return this;
    }

    public Arguments AddParts(string name, IEnumerable<Arguments>? values)
    {
        foreach (var value in values ?? [])
            _parameters.Add(new Parameters.ParameterComponent { Name = name, Part = value._parameters });
        return this;
    }

    public Parameters ToParameters() => new() { Parameter = _parameters };
}
